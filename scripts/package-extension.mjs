// `node scripts/package-extension.mjs [FILE.vsix]`: bundles editors/vscode and packs it as VS Code installs it, offline.
// A .vsix is a zip with a manifest beside the extension's folder; what goes in is named here, nothing else does.
import { createWriteStream, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { ZipFile } from "yazl";

const root = new URL("../editors/vscode/", import.meta.url);
const path = (name) => fileURLToPath(new URL(name, root));
/** The same bytes from the same sources, whenever it is packed. */
const WRITTEN_AT = new Date("2026-01-01T00:00:00Z");

async function main(out) {
  const manifest = JSON.parse(readFileSync(path("package.json"), "utf8"));
  const file = out ?? path(`dist/${manifest.name}-${manifest.version}.vsix`);
  mkdirSync(dirname(file), { recursive: true });
  const zip = new ZipFile();
  const add = (name, content) => zip.addBuffer(Buffer.from(content), name, { mtime: WRITTEN_AT });
  add("[Content_Types].xml", contentTypes);
  add("extension.vsixmanifest", vsixManifest(manifest));
  for (const name of ["package.json", "language-configuration.json", "README.md"])
    add(`extension/${name}`, readFileSync(path(name)));
  add("extension/LICENSE.txt", readFileSync(path("../../LICENSE")));
  add("extension/syntaxes/tocsin.tmLanguage.json", readFileSync(path("../tocsin.tmLanguage.json")));
  add("extension/dist/extension.js", await bundle());
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(file));
  return file;
}

/** One file: an extension brings no node_modules. */
async function bundle() {
  const { outputFiles } = await build({
    entryPoints: [path("src/extension.ts")],
    bundle: true,
    write: false,
    minify: true,
    legalComments: "inline",
    format: "cjs",
    platform: "node",
    target: "node20",
    external: ["vscode"],
  });
  return outputFiles[0].contents;
}

const contentTypes = `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension=".json" ContentType="application/json"/><Default Extension=".vsixmanifest" ContentType="text/xml"/><Default Extension=".js" ContentType="application/javascript"/><Default Extension=".md" ContentType="text/markdown"/><Default Extension=".txt" ContentType="text/plain"/></Types>
`;

function vsixManifest({ name, version, publisher, displayName, description, engines, categories, keywords }) {
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011" xmlns:d="http://schemas.microsoft.com/developer/vsx-schema-design/2011">
  <Metadata>
    <Identity Language="en-US" Id="${name}" Version="${version}" Publisher="${publisher}"/>
    <DisplayName>${xml(displayName)}</DisplayName>
    <Description xml:space="preserve">${xml(description)}</Description>
    <Tags>${xml(keywords.join(","))}</Tags>
    <Categories>${xml(categories.join(","))}</Categories>
    <GalleryFlags>Public</GalleryFlags>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value="${xml(engines.vscode)}"/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionKind" Value="workspace"/>
    </Properties>
    <License>extension/LICENSE.txt</License>
  </Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>
  <Dependencies/>
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.Details" Path="extension/README.md" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.License" Path="extension/LICENSE.txt" Addressable="true"/>
  </Assets>
</PackageManifest>
`;
}

function xml(text) {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

console.log(await main(process.argv[2]));
