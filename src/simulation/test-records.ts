/**
 * The organizations, devices and people of a test: what is given, and whatever else it names, which is known and mapped
 * unless it is given as unmapped (language.md 4). Records come to be when something asks for them by name.
 */
import { parseRecordKey, recordKey } from "../decision/index.ts";
import type { RecordAddress, RecordReference } from "../decision/index.ts";
import { foldName } from "../domain/index.ts";
import type { DeviceReference, OrganizationReference, PersonReference } from "../domain/index.ts";
import type { TestDeclaration, TestStep } from "../../grammar/ast.ts";

type Given<K extends TestStep["kind"]> = Extract<TestStep, { kind: K }>;

export class TestRecords {
  readonly own: OrganizationReference;
  readonly #byKey = new Map<string, RecordReference>();
  readonly #unmapped = new Set<string>();
  readonly #organizationTags = new Map<string, readonly string[]>();
  readonly #devices: Given<"given device">[] = [];
  /** How a name was first written: keys hold it folded. */
  readonly #spellings: Map<string, string>;
  #count = 0;

  constructor(test: TestDeclaration, own: OrganizationReference, spellings: ReadonlyMap<string, string>) {
    this.own = own;
    this.#spellings = new Map(spellings);
    for (const step of test.steps) if (step.kind === "given organization") this.#giveOrganization(step);
    for (const step of test.steps) {
      if (step.kind === "given device") this.#devices.push(step);
      if (step.kind === "given contact") this.contact(step.of?.value, step.email.value);
    }
  }

  #giveOrganization({ name, mapped, tags }: Given<"given organization">): void {
    const key = foldName(name.value);
    if (!mapped) this.#unmapped.add(key);
    this.#spellings.set(key, name.value.trim());
    this.#organizationTags.set(
      key,
      tags.map((tag) => tag.value),
    );
  }

  /** Undefined: given as unmapped. */
  organization(name: string): OrganizationReference | undefined {
    const key = foldName(name);
    if (this.#unmapped.has(key)) return undefined;
    if (key === foldName(this.own.name)) return this.own;
    const found = this.#known({ kind: "organization", by: "name", name });
    if (found?.kind === "organization") return found;
    return this.#keep(
      { kind: "organization", by: "name", name },
      {
        kind: "organization",
        id: this.#newId("or"),
        name: this.#spell(name),
        tags: this.#organizationTags.get(key) ?? [],
        udf: {},
      },
    );
  }

  device(organizationId: string, name: string): DeviceReference {
    const address: RecordAddress = { kind: "device", by: "name", organizationId, name };
    const found = this.#known(address);
    if (found?.kind === "device") return found;
    return this.#keep(address, {
      kind: "device",
      id: this.#newId("dv"),
      name: this.#spell(name),
      tags: this.#deviceTags(organizationId, name),
      udf: {},
    });
  }

  /** Known to the organization from now on. */
  contact(organizationName: string | undefined, email: string): PersonReference | undefined {
    const organization = organizationName === undefined ? this.own : this.organization(organizationName);
    return organization === undefined ? undefined : this.contactOf(organization.id, email);
  }

  contactOf(organizationId: string, email: string): PersonReference {
    const address: RecordAddress = { kind: "contact", by: "name", organizationId, name: email };
    const found = this.#known(address);
    if (found?.kind === "contact") return found;
    const name = email.trim();
    return this.#keep(address, { kind: "contact", id: this.#newId("co"), name, email: name });
  }

  resource(name: string): PersonReference {
    const found = this.#known({ kind: "resource", by: "name", name });
    if (found?.kind === "resource") return found;
    const email = name.includes("@")
      ? name.trim()
      : `${foldName(name).replaceAll(/[^\p{L}\p{N}]+/gu, ".")}@msp.example`;
    return this.#keep(
      { kind: "resource", by: "name", name },
      { kind: "resource", id: this.#newId("rs"), name: this.#spell(name), email },
    );
  }

  /** For the decision's view: whatever it asks for was looked up. */
  view(): ReadonlyMap<string, RecordReference | undefined> {
    return new AskedRecords((key) => this.#find(key));
  }

  #find(key: string): RecordReference | undefined {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const address = parseRecordKey(key);
    if (address.by === "id") return undefined;
    switch (address.kind) {
      case "organization": {
        const organization = this.organization(address.name);
        return organization === undefined ? undefined : { kind: "organization", ...organization };
      }
      case "device":
        return { kind: "device", ...this.device(address.organizationId, address.name) };
      case "resource":
        return { kind: "resource", ...this.resource(address.name) };
      default:
        return undefined;
    }
  }

  #known(address: RecordAddress): RecordReference | undefined {
    return this.#byKey.get(recordKey(address));
  }

  #keep<R extends RecordReference>(address: Exclude<RecordAddress, { by: "id" }>, record: R): R {
    this.#byKey.set(recordKey(address), record);
    this.#byKey.set(recordKey({ kind: record.kind, by: "id", id: record.id }), record);
    return record;
  }

  /** A device given without its organization is meant wherever its name stands. */
  #deviceTags(organizationId: string, name: string): readonly string[] {
    const key = foldName(name);
    const named = this.#devices.filter((device) => foldName(device.name.value) === key);
    const own = named.find(
      ({ of }) => of !== undefined && this.organization(of.value)?.id === organizationId,
    );
    const given = own ?? named.find(({ of }) => of === undefined);
    return given?.tags.map((tag) => tag.value) ?? [];
  }

  #spell(name: string): string {
    return this.#spellings.get(foldName(name)) ?? name.trim();
  }

  #newId(prefix: string): string {
    this.#count += 1;
    return `${prefix}_${this.#count}`;
  }
}

class AskedRecords extends Map<string, RecordReference | undefined> {
  readonly #find: (key: string) => RecordReference | undefined;

  constructor(find: (key: string) => RecordReference | undefined) {
    super();
    this.#find = find;
  }

  override has(): boolean {
    return true;
  }

  override get(key: string): RecordReference | undefined {
    return this.#find(key);
  }
}
