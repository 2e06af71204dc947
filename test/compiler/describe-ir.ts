/** RuleIr as lines that a person can read and compare: the goldens of the compiler. */
import type {
  ActionIr,
  ConditionIr,
  DedupIr,
  ExprIr,
  RuleIr,
  RuleSetIr,
  TimerIr,
  TriggerIr,
} from "../../src/compiler/index.ts";

export function describeSet(ir: RuleSetIr): string {
  return [
    ...ir.rules.map(describeRule),
    ...[...ir.categories.values()].map(
      (c) => `category ${c.name}: ${fields(c.fields)}${c.dueInMs === undefined ? "" : ` due ${c.dueInMs}`}`,
    ),
    ...[...ir.recipients.values()].map(
      (r) => `recipient ${r.name}: ${[...r.emails, ...r.webhooks].join(" ")}`,
    ),
    ...[...ir.templates.values()].map((t) => `template ${t.name}: ${expr(t.subject)} / ${expr(t.body)}`),
    ...[...ir.callouts.values()].map(({ url, onlyWhen, auth, body, headers, ...rest }) =>
      [
        `callout ${rest.name}: ${JSON.stringify({ ...rest, hash: undefined })}`,
        `  url ${expr(url)}`,
        `  auth ${parts(auth)}`,
        ...headers.map((h) => `  header ${h.name} ${expr(h.value)}`),
        `  body ${parts(body)}`,
        ...(onlyWhen === undefined ? [] : [`  only when ${condition(onlyWhen)}`]),
      ].join("\n"),
    ),
    ...ir.udfs.map(
      (u) => `udf ${u.scope} ${u.name} ${u.type}${u.partner === undefined ? "" : ` of ${u.partner}`}`,
    ),
    ...[...ir.calendars.values()].map((c) => `calendar ${plain(c)}`),
    ...ir.maintenance.map((m) => `maintenance ${plain(m)}`),
    ...(ir.secrets.length === 0 ? [] : [`secrets ${ir.secrets.join(" ")}`]),
  ].join("\n");
}

function parts(value: object): string {
  return Object.entries(value)
    .map(([key, part]) => `${key}=${isExpr(part) ? expr(part) : listed(part)}`)
    .join(" ");
}

function listed(part: unknown): string {
  if (!Array.isArray(part)) return String(part);
  return `[${part.map((p: { name: string; value: ExprIr }) => `${p.name}=${expr(p.value)}`).join(", ")}]`;
}

function isExpr(part: unknown): part is ExprIr {
  return typeof part === "object" && part !== null && "kind" in part;
}

function describeRule(rule: RuleIr): string {
  const scope = rule.organizations === undefined ? "" : ` for ${[...rule.organizations].join(", ")}`;
  return [
    `rule ${rule.index} "${rule.name}" ${rule.file}:${rule.line} order ${rule.order}${rule.active ? "" : " inactive"}${scope}`,
    ...rule.triggers.map((t) => `  on ${trigger(t)}`),
    `  if ${condition(rule.condition)}`,
    ...rule.exceptions.map((c) => `  except ${condition(c)}`),
    ...rule.actions.map((a) => `  then ${action(a)}`),
  ].join("\n");
}

function trigger(t: TriggerIr): string {
  const by = t.by.length === 0 ? "" : ` by ${t.by.join(",")}`;
  const callout = t.callout === undefined ? "" : ` "${t.callout}"`;
  const timed = t.timer === undefined ? "" : ` ${timer(t.timer)}`;
  return `${t.kind}${callout}${t.change === undefined ? "" : ` ${change(t.change)}`}${timed}${by}`;
}

function timer(t: TimerIr): string {
  switch (t.kind) {
    case "hold":
      return `${t.ms}`;
    case "silence":
      return `${t.ms} per [${t.per.map((f) => f.path).join(" ")}]`;
    case "clock":
      return `${t.ms}${t.calendar === undefined ? "" : ` during ${t.calendar.name}`}`;
    case "schedule":
      return plain(
        t.schedule.kind === "interval" ? t.schedule : { ...t.schedule, calendar: t.schedule.calendar?.name },
      );
  }
}

/** Maps as pairs, sets as lists. */
function plain(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part instanceof Map || part instanceof Set ? [...part] : part,
  );
}

function change(c: { apiName: string; from: readonly ExprIr[]; to: readonly ExprIr[] }): string {
  return `${c.apiName} from [${c.from.map(expr).join(" ")}] to [${c.to.map(expr).join(" ")}]`;
}

function condition(c: ConditionIr): string {
  switch (c.kind) {
    case "always":
      return "always";
    case "all":
    case "any":
      return `(${c.kind} ${c.of.map(condition).join(" ")})`;
    case "not":
      return `(not ${condition(c.of)})`;
    case "calendar":
      return `(${c.inside ? "during" : "outside"} ${c.calendar.name}${c.at === undefined ? "" : ` ${expr(c.at)}`})@${c.origin.line}`;
    case "count":
      return `(${c.comparator} ${c.count} of ${c.key})@${c.origin.line}`;
    case "test": {
      const right = c.change === undefined ? c.right.map(expr).join(" | ") : change(c.change);
      const pattern = c.pattern?.pieces.map((p) =>
        p.kind === "literal" ? JSON.stringify(p.text) : p.kind === "star" ? "*" : `{${p.name}}`,
      );
      const ranks =
        c.ranks === undefined ? "" : ` ranks ${[...c.ranks].map(([w, r]) => `${w}=${r}`).join(",")}`;
      return `(${c.operator}${c.exactly ? " exactly" : ""} ${expr(c.left)}${right === "" ? "" : ` ${right}`}${pattern === undefined ? "" : ` pattern ${pattern.join(" ")}`}${ranks})@${c.origin.line}`;
    }
  }
}

function expr(e: ExprIr): string {
  switch (e.kind) {
    case "const":
      return JSON.stringify(e.value);
    case "field":
      return e.field.path;
    case "binding":
      return `$${e.name}`;
    case "lookup":
      return `${e.table.name}{${[...e.table.entries].map(([k, v]) => `${k}:${expr(v)}`).join(",")}${e.table.otherwise === undefined ? "" : `,else:${expr(e.table.otherwise)}`}}[${expr(e.index)}]`;
    case "text":
      return `text(${e.parts.map((p) => (typeof p === "string" ? JSON.stringify(p) : expr(p))).join(" + ")})`;
    case "first":
      return `first(${e.of.map(expr).join(", ")})`;
    case "list":
      return `[${e.of.map(expr).join(", ")}]`;
    case "duration":
      return `${e.ms}ms`;
    case "category-default":
      return "category-default";
    case "secret":
      return `secret(${e.name})`;
  }
}

function fields(of: readonly { field: { path: string }; value: ExprIr }[]): string {
  return of.map((f) => `${f.field.path}=${expr(f.value)}`).join(", ");
}

function dedup(d: DedupIr): string {
  if (d.kind === "none") return "none";
  const across = `${d.acrossOrganizations ? " across-organizations" : ""}${d.acrossSources ? " across-sources" : ""}`;
  return `${d.ms} by ${d.parts.map((p) => `${p.name}=${expr(p.value)}${p.withoutNumbers ? " without-numbers" : ""}`).join(", ")}${across}`;
}

function action(a: ActionIr): string {
  switch (a.kind) {
    case "create-ticket": {
      const extra = [
        a.category === undefined ? "" : ` category=${expr(a.category)}`,
        a.dueInMs === undefined ? "" : ` due=${a.dueInMs}`,
        a.oncePer === undefined ? "" : ` once-per=${a.oncePer.ms}`,
        a.repeatNote === undefined ? "" : ` repeat-note=${expr(a.repeatNote)}`,
      ];
      return `create-ticket {${fields(a.fields)}}${extra.join("")} dedup=${dedup(a.dedup)}`;
    }
    case "add-note":
      return `add-note ${expr(a.text)} ${a.visibility}`;
    case "set-field":
      return `set ${a.field.path}=${expr(a.value)}`;
    case "complete-ticket":
      return `complete-ticket${a.ifUntouched ? " if-untouched" : ""}`;
    case "add-tags":
    case "remove-tags":
      return `${a.kind} ${a.tags.join(", ")}`;
    case "run-callout":
      return `run-callout "${a.callout}"`;
    case "notify":
      return `notify [${[...a.recipients, ...a.people].join(", ")}] template=${a.template ?? "-"} text=${a.text === undefined ? "-" : expr(a.text)}`;
    case "suppress-alert":
    case "stop":
      return a.kind;
  }
}
