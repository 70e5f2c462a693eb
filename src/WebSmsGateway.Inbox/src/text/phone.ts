/** A number as people read it: `+7 902 123-45-67`. Names and short codes stay as they are. */
export const formatPhone = (number: string): string =>
  number.replace(/^7(\d{3})(\d{3})(\d{2})(\d{2})$/, "+7\u00a0$1\u00a0$2-$3-$4");
