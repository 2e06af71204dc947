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
import { ruleSetRoutes } from "./rule-sets.ts";
import { docs, openApi, running } from "./running.ts";
import { steering } from "./steering.ts";
import { tickets } from "./tickets.ts";
import { waiting } from "./waiting.ts";

export const ROUTES: readonly Route[] = [
  postAlerts,
  ...otherProducts,
  ...getAlerts,
  ...tickets,
  ...records,
  ...ruleSetRoutes,
  ruleAudit,
  ...callouts,
  ...deliveries,
  ...steering,
  ...mails,
  ...maintenance,
  ...waiting,
  ...keys,
  ...running,
  openApi(() => ROUTES),
  ...docs(() => ROUTES),
];
