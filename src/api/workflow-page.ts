/** Where an admin finds a workflow: its id, and its page in the Temporal UI where one is known. */
import type { Config } from "../config/index.ts";

export function workflowPage(
  workflowId: string,
  { temporal: { uiUrl, namespace } }: Config,
): { readonly workflow_id: string; readonly workflow_url: string | null } {
  const path = `namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
  return { workflow_id: workflowId, workflow_url: uiUrl === undefined ? null : `${uiUrl}/${path}` };
}
