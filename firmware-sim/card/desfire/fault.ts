/** What only a card that authenticates can do wrong. */
export type DesfireFault =
  /** Lies about its UID's answer: the MAC is another. */
  | 'wrong-mac'
  /** The MAC of the answer with the signature is another. */
  | 'wrong-mac-signature'
  /** Is taken away when it is about to get the signing command. */
  | 'torn-before-signing'
  /** Is taken away while it signs, and has not signed. */
  | 'torn-in-signing'
  /** Is taken away while it signs: it has signed, and nobody heard. */
  | 'torn-in-signing-done'
  /** Is taken away as soon as it has answered the signing command. */
  | 'torn-after-signing'
  /** The signing command reaches it twice, as from a reader that tries again; its second answer is heard. */
  | 'repeated-apdu';
