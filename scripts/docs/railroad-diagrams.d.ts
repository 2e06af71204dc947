/** What of the package is used; it brings no types. */
declare module "railroad-diagrams" {
  type Part = { readonly width: number } | string;
  interface DiagramPart {
    readonly width: number;
    readonly attrs: Record<string, string | number>;
    format(): DiagramPart;
    toString(): string;
  }
  const railroad: {
    Diagram(...parts: Part[]): DiagramPart;
    Sequence(...parts: Part[]): Part;
    Choice(normal: number, ...parts: Part[]): Part;
    Optional(part: Part): Part;
    OneOrMore(part: Part, repeat?: Part): Part;
    ZeroOrMore(part: Part, repeat?: Part): Part;
    Terminal(text: string): Part;
    NonTerminal(text: string): Part;
    Comment(text: string): Part;
    Skip(): Part;
  };
  export default railroad;
}
