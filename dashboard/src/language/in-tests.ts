// Unit tests read English, without catalogues: outside of a build, the text itself is in the code.
import { i18n } from '@lingui/core';

i18n.loadAndActivate({ locale: 'en', messages: {} });
