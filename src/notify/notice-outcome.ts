/** What became of one attempt at a notice. */
export type NoticeOutcome =
  | { readonly kind: "sent" }
  | { readonly kind: "failed"; readonly error: string; readonly retry: boolean }
  | { readonly kind: "interrupted" }
  | { readonly kind: "no-transport" };
