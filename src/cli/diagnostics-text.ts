/** Diagnostics that came as JSON from a server, one line each. Those of files at hand are drawn by the room diagnostics. */
export function recordsText(body: unknown): string {
  if (
    typeof body !== "object" ||
    body === null ||
    !("diagnostics" in body) ||
    !Array.isArray(body.diagnostics)
  )
    return "";
  return body.diagnostics.map((record: unknown) => lineOf(record)).join("\n");
}

function lineOf(record: unknown): string {
  const { severity, code, summary, help } = texts(record);
  const span = member(record, "span");
  const start = member(span, "start");
  const place = `${texts(span)["file"] ?? "?"}:${numberText(start, "line")}:${numberText(start, "column")}`;
  const head = `${place}: ${severity ?? "error"} ${code ?? ""}: ${summary ?? ""}`;
  return help === undefined ? head : `${head}\n  help: ${help}`;
}

function numberText(value: unknown, name: string): string {
  const number = member(value, name);
  return typeof number === "number" ? String(number) : "?";
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

function texts(value: unknown): Readonly<Record<string, string | undefined>> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
