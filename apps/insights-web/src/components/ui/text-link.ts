/** The look of a link that stands by itself. */
export const TEXT_LINK = 'rounded text-[0.8125rem] font-medium text-accent hover:underline';
