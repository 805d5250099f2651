// The few icons, drawn by hand: 24 units wide, in the colour of the text, hidden from screen readers.
interface Props {
  size?: number;
}

function Icon({ d, width = 1.8, size = 18 }: Props & { d: string; width?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={width}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={d} />
    </svg>
  );
}

export function SearchIcon(props: Props) {
  return <Icon {...props} d="M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 20 20" />;
}

export function MoreIcon(props: Props) {
  return <Icon {...props} d="M12 5h.01M12 12h.01M12 19h.01" width={2.6} />;
}

export function UpIcon(props: Props) {
  return <Icon {...props} d="M12 19V5M6 11l6-6 6 6" />;
}

export function DownIcon(props: Props) {
  return <Icon {...props} d="M12 5v14M6 13l6 6 6-6" />;
}

export function PasswordIcon(props: Props) {
  return <Icon {...props} d="M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3" />;
}

export function ProviderIcon(props: Props) {
  return <Icon {...props} d="M14 12a3 3 0 1 0-6 0 3 3 0 0 0 6 0zM14 12h7v3M18 12v2" />;
}

export function SunIcon(props: Props) {
  return (
    <Icon
      {...props}
      d="M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4"
    />
  );
}

export function MoonIcon(props: Props) {
  return <Icon {...props} d="M20 14.5A8 8 0 1 1 9.5 4a6.5 6.5 0 0 0 10.5 10.5z" />;
}

export function GoogleIcon(props: Props) {
  return <Icon {...props} d="M20 12h-8M20 12a8 8 0 1 1-2.4-5.7" />;
}
