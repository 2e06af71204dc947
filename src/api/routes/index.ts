/** The route table: every path that there is. */
import type { Route } from "../route.ts";
import { callouts } from "./callouts.ts";
import { deliveries } from "./deliveries.ts";
import { getAlerts } from "./get-alerts.ts";
import { keys } from "./keys.ts";
import { maintenance } from "./maintenance.ts";
import { postAlerts } from "./post-alerts.ts";
import { mails } from "./mails.ts";
import { otherProducts } from "./post-other-products.ts";
import { records } from "./records.ts";
import { ruleAudit } from "./rule-audit.ts";
import { ruleFirings } from "./rule-firings.ts";
import { ruleSetRoutes } from "./rule-sets.ts";
import { docs, openApi, running } from "./running.ts";
import { steering } from "./steering.ts";
import { tickets } from "./tickets.ts";
import { waiting } from "./waiting.ts";
import { work } from "./work.ts";

export const ROUTES: readonly Route[] = [
  postAlerts,
  ...otherProducts,
  ...getAlerts,
  ...tickets,
  ...records,
  ...ruleSetRoutes,
  ...ruleFirings,
  ruleAudit,
  ...callouts,
  ...deliveries,
  ...steering,
  ...mails,
  ...work,
  ...maintenance,
  ...waiting,
  ...keys,
  ...running,
  openApi(() => ROUTES),
  ...docs(() => ROUTES),
];
