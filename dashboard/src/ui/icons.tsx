// The icons of the dashboard: of one family (Tabler), except Google's own mark. They are hidden from screen readers: what an icon means
// is said by the text beside it, or by the label of its button.
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconArrowBackUp from '@tabler/icons-react/icons/IconArrowBackUp';
import IconArrowDown from '@tabler/icons-react/icons/IconArrowDown';
import IconArrowUp from '@tabler/icons-react/icons/IconArrowUp';
import IconBaselineDensityMedium from '@tabler/icons-react/icons/IconBaselineDensityMedium';
import IconCheck from '@tabler/icons-react/icons/IconCheck';
import IconChevronLeft from '@tabler/icons-react/icons/IconChevronLeft';
import IconChevronLeftPipe from '@tabler/icons-react/icons/IconChevronLeftPipe';
import IconChevronRight from '@tabler/icons-react/icons/IconChevronRight';
import IconChevronRightPipe from '@tabler/icons-react/icons/IconChevronRightPipe';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconClock from '@tabler/icons-react/icons/IconClock';
import IconColumns3 from '@tabler/icons-react/icons/IconColumns3';
import IconCopy from '@tabler/icons-react/icons/IconCopy';
import IconDotsVertical from '@tabler/icons-react/icons/IconDotsVertical';
import IconDownload from '@tabler/icons-react/icons/IconDownload';
import IconEraser from '@tabler/icons-react/icons/IconEraser';
import IconExternalLink from '@tabler/icons-react/icons/IconExternalLink';
import IconFileImport from '@tabler/icons-react/icons/IconFileImport';
import IconFilter from '@tabler/icons-react/icons/IconFilter';
import IconHistory from '@tabler/icons-react/icons/IconHistory';
import IconInfoCircle from '@tabler/icons-react/icons/IconInfoCircle';
import IconKey from '@tabler/icons-react/icons/IconKey';
import IconKeyboard from '@tabler/icons-react/icons/IconKeyboard';
import IconLanguage from '@tabler/icons-react/icons/IconLanguage';
import IconLayoutDashboard from '@tabler/icons-react/icons/IconLayoutDashboard';
import IconLock from '@tabler/icons-react/icons/IconLock';
import IconLogout from '@tabler/icons-react/icons/IconLogout';
import IconMail from '@tabler/icons-react/icons/IconMail';
import IconMailX from '@tabler/icons-react/icons/IconMailX';
import IconMenu2 from '@tabler/icons-react/icons/IconMenu2';
import IconMoon from '@tabler/icons-react/icons/IconMoon';
import IconPencil from '@tabler/icons-react/icons/IconPencil';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import IconRefresh from '@tabler/icons-react/icons/IconRefresh';
import IconSearch from '@tabler/icons-react/icons/IconSearch';
import IconServerCog from '@tabler/icons-react/icons/IconServerCog';
import IconSettings from '@tabler/icons-react/icons/IconSettings';
import IconShieldLock from '@tabler/icons-react/icons/IconShieldLock';
import IconSun from '@tabler/icons-react/icons/IconSun';
import IconTrash from '@tabler/icons-react/icons/IconTrash';
import IconUserCheck from '@tabler/icons-react/icons/IconUserCheck';
import IconUserCircle from '@tabler/icons-react/icons/IconUserCircle';
import IconUserOff from '@tabler/icons-react/icons/IconUserOff';
import IconUserPlus from '@tabler/icons-react/icons/IconUserPlus';
import IconUsers from '@tabler/icons-react/icons/IconUsers';
import IconX from '@tabler/icons-react/icons/IconX';
import type { ComponentType } from 'react';

interface IconProps {
  /** In pixels. */
  size?: number;
  className?: string | undefined;
}

export type Icon = (props: IconProps) => React.JSX.Element;

function icon(Drawn: ComponentType<IconProps & { stroke?: number; 'aria-hidden'?: boolean }>): Icon {
  return ({ size = 18, ...props }) => <Drawn size={size} stroke={1.75} aria-hidden {...props} />;
}

/** An icon that points along the text, which some languages write from right to left. */
function alongText(Drawn: Parameters<typeof icon>[0]): Icon {
  const Plain = icon(Drawn);
  return ({ className, ...props }) => <Plain className={className ? `along-text ${className}` : 'along-text'} {...props} />;
}

export const ActivateIcon = icon(IconUserCheck);
export const AddIcon = icon(IconPlus);
export const AuditIcon = icon(IconHistory);
export const CheckIcon = icon(IconCheck);
export const ClockIcon = icon(IconClock);
export const CloseIcon = icon(IconX);
export const ColumnsIcon = icon(IconColumns3);
export const CopyIcon = icon(IconCopy);
export const DeactivateIcon = icon(IconUserOff);
export const DeleteIcon = icon(IconTrash);
export const DensityIcon = icon(IconBaselineDensityMedium);
export const DoneIcon = icon(IconCircleCheck);
export const DownIcon = icon(IconArrowDown);
export const DownloadIcon = icon(IconDownload);
export const EditIcon = icon(IconPencil);
export const EraseIcon = icon(IconEraser);
export const ExternalIcon = icon(IconExternalLink);
export const FilterIcon = icon(IconFilter);
export const FirstIcon = alongText(IconChevronLeftPipe);
export const ImportIcon = icon(IconFileImport);
export const InfoIcon = icon(IconInfoCircle);
export const InviteIcon = icon(IconUserPlus);
export const KeyIcon = icon(IconKey);
export const KeyboardIcon = icon(IconKeyboard);
export const LastIcon = alongText(IconChevronRightPipe);
export const LanguageIcon = icon(IconLanguage);
export const MailFailedIcon = icon(IconMailX);
export const MailIcon = icon(IconMail);
export const MenuIcon = icon(IconMenu2);
export const MoonIcon = icon(IconMoon);
export const MoreIcon = icon(IconDotsVertical);
export const NextIcon = alongText(IconChevronRight);
export const OverviewIcon = icon(IconLayoutDashboard);
export const PasswordIcon = icon(IconLock);
export const PreviousIcon = alongText(IconChevronLeft);
export const ProfileIcon = icon(IconUserCircle);
export const ProviderIcon = icon(IconShieldLock);
export const ResendIcon = icon(IconRefresh);
export const SearchIcon = icon(IconSearch);
export const ServiceKeyIcon = icon(IconServerCog);
export const SettingsIcon = icon(IconSettings);
export const SignOutIcon = alongText(IconLogout);
export const SunIcon = icon(IconSun);
export const UndoIcon = icon(IconArrowBackUp);
export const UpIcon = icon(IconArrowUp);
export const UsersIcon = icon(IconUsers);
export const WarningIcon = icon(IconAlertTriangle);

/** Google's own mark, in its own colours, as its guidelines demand. */
export function GoogleIcon({ size = 18, className }: IconProps) {
  return (
    <svg width={size} height={size} viewBox="0 0 48 48" aria-hidden="true" className={className}>
      <path
        fill="#4285F4"
        d="M47.5 24.6c0-1.6-.1-3.2-.4-4.7H24.5v8.9h12.9c-.6 3-2.3 5.5-4.8 7.2v6h7.8c4.5-4.2 7.1-10.4 7.1-17.4z"
      />
      <path
        fill="#34A853"
        d="M24.5 48c6.5 0 11.9-2.1 15.9-5.8l-7.8-6c-2.1 1.4-4.9 2.3-8.1 2.3-6.2 0-11.5-4.2-13.4-9.9h-8v6.2C7.1 42.7 15.2 48 24.5 48z"
      />
      <path fill="#FBBC05" d="M11.1 28.6c-1-3-1-6.2 0-9.2v-6.2h-8c-3.4 6.8-3.4 14.8 0 21.6l8-6.2z" />
      <path
        fill="#EA4335"
        d="M24.5 9.5c3.4-.1 6.7 1.2 9.2 3.6l6.9-6.9C36.2 2.2 30.4-.1 24.5 0 15.2 0 7.1 5.3 3.1 13.2l8 6.2c1.9-5.7 7.2-9.9 13.4-9.9z"
      />
    </svg>
  );
}
