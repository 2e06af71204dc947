/** Who may do what (contract.md 3, the table of roles). Knows no route and no key. */

export const ROLES = ["ingest", "read", "operate", "admin"] as const;
export type Role = (typeof ROLES)[number];

/**
 * What a route asks for. `open` needs no key. The grants are a table and not a ladder: `ingest` may send alerts, which
 * `read` may not, and the other way round.
 */
export type Permission = "open" | "ingest" | "read" | "operate" | "admin";

const GRANTS: Readonly<Record<Exclude<Permission, "open">, ReadonlySet<Role>>> = {
  ingest: new Set<Role>(["ingest", "operate", "admin"]),
  read: new Set<Role>(["read", "operate", "admin"]),
  operate: new Set<Role>(["operate", "admin"]),
  admin: new Set<Role>(["admin"]),
};

export function isGranted(permission: Permission, role: Role): boolean {
  return permission === "open" || GRANTS[permission].has(role);
}
