/** The OpenAPI document as one page of HTML: no script, nothing from elsewhere, so it reads without the internet. */
import type { OpenApiDocument } from "./openapi.ts";

interface Operation {
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly description?: string;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: unknown }>> };
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly description: string;
        readonly content?: Readonly<Record<string, { readonly schema: unknown }>>;
      }
    >
  >;
}

const STYLE = `
  :root { color-scheme: light dark; }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
  code, pre { font: 14px/1.4 ui-monospace, monospace; }
  pre { overflow-x: auto; padding: .75rem; border: 1px solid #8886; border-radius: .3rem; }
  details { border: 1px solid #8886; border-radius: .3rem; margin: .4rem 0; padding: .4rem .75rem; }
  summary { cursor: pointer; }
  summary b { display: inline-block; min-width: 4rem; }
  td { vertical-align: top; padding-right: 1rem; }
  nav a { margin-right: 1rem; }`;

export function docsPage(document: OpenApiDocument): string {
  const { info, paths, components } = document as unknown as {
    info: { title: string; description: string };
    paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
    components: { schemas: Readonly<Record<string, unknown>> };
  };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const byTag = Map.groupBy(operations, ({ operation }) => operation.tags[0] ?? "");
  const nav = [...byTag.keys(), "Shapes"]
    .map((tag) => `<a href="#${anchor(tag)}">${escape(tag)}</a>`)
    .join("");
  const sections = [...byTag].map(
    ([tag, calls]) =>
      `<h2 id="${anchor(tag)}">${escape(tag)}</h2>${calls.map((call) => operationHtml(call.method, call.path, call.operation)).join("")}`,
  );
  const shapes = Object.entries(components.schemas).map(
    ([name, schema]) =>
      `<details id="shape-${anchor(name)}"><summary><code>${escape(name)}</code></summary>${json(schema)}</details>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(info.title)}: HTTP interface</title><style>${STYLE}</style></head><body>
<h1>${escape(info.title)}: HTTP interface</h1><p>${prose(info.description)}</p>
<p>For programs: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1).</p><nav>${nav}</nav>
${sections.join("")}<h2 id="shapes">Shapes</h2>${shapes.join("")}</body></html>`;
}

function operationHtml(method: string, path: string, operation: Operation): string {
  const parameters = operation.parameters.map(
    (one) =>
      `<tr><td><code>${escape(one.name)}</code></td><td>${escape(one.in)}</td><td>${prose(one.description ?? "")}</td></tr>`,
  );
  const body = Object.entries(operation.requestBody?.content ?? {}).map(
    ([type, { schema }]) => `<p>Body (<code>${escape(type)}</code>): ${schemaHtml(schema)}</p>`,
  );
  const answers = Object.entries(operation.responses).map(([status, { description, content }]) => {
    const schema = Object.values(content ?? {})[0]?.schema;
    return `<tr><td>${escape(status)}</td><td>${prose(description)}</td><td>${schema === undefined ? "" : schemaHtml(schema)}</td></tr>`;
  });
  return `<details><summary><b>${escape(method.toUpperCase())}</b> <code>${escape(path)}</code> ${escape(operation.summary)}</summary>
<p>${prose(operation.description)}</p>${parameters.length === 0 ? "" : `<table>${parameters.join("")}</table>`}
${body.join("")}<p>Answers:</p><table>${answers.join("")}</table></details>`;
}

function schemaHtml(schema: unknown): string {
  const reference =
    typeof schema === "object" && schema !== null && "$ref" in schema ? String(schema.$ref) : "";
  const name = reference.slice(reference.lastIndexOf("/") + 1);
  return name === "" ? json(schema) : `<a href="#shape-${anchor(name)}">${escape(name)}</a>`;
}

function json(value: unknown): string {
  return `<pre>${escape(JSON.stringify(value, null, 2))}</pre>`;
}

function prose(text: string): string {
  return escape(text)
    .replaceAll(/`([^`]+)`/gu, "<code>$1</code>")
    .replaceAll("\n\n", "<br>");
}

function anchor(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/gu, "-");
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
