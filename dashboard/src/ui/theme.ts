// How Mantine looks and behaves here. Colours are in theme.css: the policy of the server admits no style elements, so that Mantine
// must not write its variables into the page, and what would write some (scroll locks, responsive props) is off or not used.
import { t } from '@lingui/core/macro';
import { createTheme } from '@mantine/core';

/** Where menus open: see the shell. */
const OVERLAYS = { target: '#overlays' };

// By their names: with Mantine's `extend`, every page would load parts that few of them use.
export const theme = () =>
  createTheme({
    respectReducedMotion: true,
    components: {
      Modal: {
        defaultProps: { lockScroll: false, closeButtonProps: { 'aria-label': t`Close` }, transitionProps: { duration: 120 } },
      },
      // A dialog has a head, but no page in it has a banner.
      ModalHeader: { defaultProps: { role: 'presentation' } },
      // What opens in a landmark of its own is found by screen readers.
      Menu: { defaultProps: { withInitialFocusPlaceholder: false, returnFocus: true, portalProps: OVERLAYS } },
      Popover: { defaultProps: { portalProps: OVERLAYS } },
      Loader: { defaultProps: { type: 'oval' } },
      Select: { defaultProps: { allowDeselect: false } },
      // The choices themselves scroll (theme.css), so that a screen reader has no further box between.
      MultiSelect: { defaultProps: { withScrollArea: false } },
      Tooltip: { defaultProps: { portalProps: OVERLAYS, withArrow: true, events: { hover: true, focus: true, touch: true } } },
    },
  });
