/** The route table: every path that there is. */
import type { Route } from "../route.ts";
import { callouts } from "./callouts.ts";
import { deliveries } from "./deliveries.ts";
import { getAlerts } from "./get-alerts.ts";
import { keys } from "./keys.ts";
import { postAlerts } from "./post-alerts.ts";
import { otherProducts } from "./post-other-products.ts";
import { records } from "./records.ts";
import { ruleSetRoutes } from "./rule-sets.ts";
import { docs, openApi, running } from "./running.ts";
import { tickets } from "./tickets.ts";

export const ROUTES: readonly Route[] = [
  postAlerts,
  ...otherProducts,
  ...getAlerts,
  ...tickets,
  ...records,
  ...ruleSetRoutes,
  ...callouts,
  ...deliveries,
  ...keys,
  ...running,
  openApi(() => ROUTES),
  ...docs(() => ROUTES),
];
