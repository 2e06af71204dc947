/** Every list, body, depth, wait and retry of the product has its limit here, with its unit. Public ones: contract.md 3. */
import { DAY, HOUR, MINUTE, SECOND } from "./values.ts";

/* ---- the door (contract.md 3) ---- */
export const BODY_BYTES_MAX = 1024 * 1024;
export const ALERTS_PER_ARRAY_MAX = 1000;
export const JSON_DEPTH_MAX = 32;
/** Characters; a longer title is cut on the ticket and kept whole in its description. */
export const TITLE_CHARACTERS_MAX = 250;
export const DESCRIPTION_CHARACTERS_MAX = 8000;
export const RESOLUTION_CHARACTERS_MAX = 32_000;
export const NOTE_CHARACTERS_MAX = 32_000;
export const LIST_LIMIT_DEFAULT = 50;
export const LIST_LIMIT_MAX = 500;
/** Answers 401 per address and second. */
export const UNAUTHORIZED_PER_SECOND_MAX = 100;
/** A key that another process revoked works at most this much longer; keys remembered by one process. */
export const KEY_REMEMBERED_MS = 5 * SECOND;
export const KEYS_REMEMBERED_MAX = 10_000;
/** Addresses whose 401 answers are counted at once. */
export const ADDRESSES_COUNTED_MAX = 100_000;
/** A body above its limit is read to this size and dropped, so that the sender sees the answer and not a broken pipe. */
export const BODY_DRAINED_BYTES_MAX = 16 * 1024 * 1024;
/** Characters kept of a body that was refused. */
export const REFUSED_BODY_CHARACTERS_MAX = 2000;
/** Notes, time entries and history lines that one ticket's answer holds, the latest of each. */
export const TICKET_DETAILS_MAX = 1000;
/** Rows of one CSV import. */
export const IMPORT_ROWS_MAX = 10_000;
/** Rule files of one set. */
export const RULE_FILES_MAX = 1000;
/** Nearest misses that explain tells. */
export const EXPLAIN_MISSES_DEFAULT = 20;
/** Conditions that explain tells of one rule, those that decided first; characters of a text in it. */
export const EXPLAIN_CONDITIONS_MAX = 50;
export const EXPLAIN_TEXT_CHARACTERS_MAX = 250;
/** With Postgres away a request gets its 503 within this. */
export const STORE_TIMEOUT_MS = 4 * SECOND;
/** How often a store that met a full disk looks whether there is room again. */
export const STORE_ROOM_CHECK_MS = 3 * SECOND;

/** Days that firings are counted over, and how old the counts may be. */
export const FIRINGS_DAYS_MAX = 90;
export const FIRINGS_COUNTED_AGE_MS = 30 * SECOND;
/** How often workers fold them, and rows in one statement: of what was added, and of firings from before there were counts. */
export const FIRINGS_FOLD_MS = 1 * MINUTE;
export const FIRINGS_FOLDED_STEP = 20_000;
export const FIRINGS_COUNTED_STEP = 20_000;

/* ---- alerts ---- */
export const SOURCE_CHARACTERS_MAX = 250;
export const IDENTIFIER_CHARACTERS_MAX = 1000;
export const TAGS_MAX = 100;
export const TAG_CHARACTERS_MAX = 250;
export const ALERT_FIELDS_MAX = 200;
export const UDFS_MAX = 300;

/* ---- batches (ingest.md) ---- */
export const BATCH_ALERTS_MAX = 500;
export const BATCHES_UNDER_WAY_MAX = 2;
/** Alerts waiting for a batch in one process; above it 503 with Retry-After. */
export const INGEST_QUEUE_MAX = 20_000;
/** Tries of a transaction after a deadlock or serialization failure. */
export const TRANSACTION_TRIES_MAX = 5;

/** Loads that one decision may ask for: each step of a cascade may meet something new, and one rule may open many tickets. */
export const DECISION_ROUNDS_MAX = 40;
/** How long a starting process waits for another one that is migrating the database. */
export const MIGRATION_LOCK_WAIT_MS = 60 * SECOND;

/* ---- rules ---- */
/** WF-4: a rule's change may fire further rules, at most five in sequence. */
export const CASCADE_DEPTH_MAX = 5;
/** Events of one cascade, whatever its depth: a bound for rule sets that fan out. */
export const CASCADE_EVENTS_MAX = 1000;
/** Records that rules on tickets name and that a batch looks up beforehand; above it only those that are met. */
export const PLANNED_RECORDS_MAX = 50;
export const DEFAULT_DEDUP_WINDOW_MS = 5 * MINUTE;
/** A duration in a rule above this is a mistake. */
export const RULE_DURATION_MS_MAX = 3650 * DAY;
/** How far a calendar is looked at from a moment, in both directions: what would come later never comes. */
export const CALENDAR_REACH_DAYS = 3650;
/** The highest threshold of a count over time: so many receipts of one key are kept. */
export const COUNT_THRESHOLD_MAX = 10_000;
/** By so much the clocks of servers may differ before a count over time misses an alert. */
export const RECEIPTS_DISORDER_MS = 5 * SECOND;
/**
 * A count is read without a lock while it stays above its threshold for so long: until the transaction has certainly ended
 * (STORE_TIMEOUT_MS, as much again for a commit under way, RECEIPTS_DISORDER_MS). Counts over shorter spans are always locked.
 */
export const COUNT_SETTLED_FOR_MS = 15 * SECOND;
/** Alerts that are decided in one transaction when maintenance ends. */
export const MAINTENANCE_BATCH_MAX = 50;
/** `POST /maintenance`: windows that have not ended, names of one kind in a window, length of a window. */
export const MAINTENANCE_WINDOWS_MAX = 1000;
export const MAINTENANCE_NAMES_MAX = 200;
export const MAINTENANCE_MS_MAX = 366 * DAY;
/** Holds and silences that are adapted to another rule set in one transaction. */
export const ADAPT_BATCH_MAX = 100;
/** Stored alerts that are looked at when a rule on a silence is new: `armed by the first one seen, also before publishing`. */
export const ARMING_ALERTS_MAX = 200_000;
export const NOTES_PER_WINDOW_DEFAULT = 100;
export const REGEX_CHARACTERS_MAX = 1000;
/** `order N`, in both directions. */
export const RULE_ORDER_MAX = 1_000_000;
export const RULE_ORDER_DEFAULT = 100;
/** WF-9: a rule that did not fire for so long is told by the audit. */
export const RULE_SILENT_MS = 90 * DAY;
/** Definitions may use definitions, this deep. */
export const DEFINITION_DEPTH_MAX = 32;
/** Conjunctions that one rule may lower to; above it one conjunction with a residual tree (matching.md 3.3). */
export const CONJUNCTIONS_PER_RULE_MAX = 64;
/** Analysis of a set: rules that are tried for covering one alternative of another; values that an alternative stands under. */
export const COVER_CANDIDATES_MAX = 400;
export const COVER_KEYS_MAX = 64;
/** Analysis of a set: later rules that are tried for a conflict with one; combinations of their alternatives. */
export const CONFLICT_CANDIDATES_MAX = 400;
export const CONFLICT_COMBINATIONS_MAX = 16;
/** Analysis of a set: rules that are tried after one change. */
export const LOOP_CANDIDATES_MAX = 50;

/** Events of one rule test: a bound for tests whose rules never come to rest. */
export const SIMULATED_EVENTS_MAX = 10_000;

/* ---- callouts (CO-9, design.md 2) ---- */
export const CALLOUT_RETRY_INTERVAL_MS_DEFAULT = 60 * SECOND;
export const CALLOUT_RESENDS_DEFAULT = 10;
export const CALLOUT_RETRY_INTERVAL_MS_MAX = DAY;
export const CALLOUT_RESENDS_MAX = 100;
export const CALLOUT_TIMEOUT_MS_DEFAULT = 15 * SECOND;
export const CALLOUT_TIMEOUT_MS_MAX = 60 * SECOND;
/** `pause after N failed deliveries` */
export const CALLOUT_PAUSE_AFTER_MAX = 1000;
/** While a callout is paused: how often the oldest delivery that waits is tried. */
export const BREAKER_PROBE_MS = 5 * MINUTE;
/** While a callout is paused: how long those sleep that are not next, unless they are woken; only a guard, should that be lost. */
export const BREAKER_LOOK_MS = 30 * MINUTE;
/** Requests to one host under way at once, for each worker: a dead one must not take every slot. */
export const CALLOUT_HOST_AT_ONCE_MAX = 10;
/** Requests to one host in any second, for each worker. */
export const CALLOUT_HOST_PER_SECOND_MAX = 100;
/** Requests of all hosts under way, for each worker, above which only hosts that have none get one; below its slots for slow calls. */
export const CALLOUT_HOSTS_AT_ONCE_MAX = 45;
/** Before a delivery asks again for its host's turn. */
export const CALLOUT_HOST_WAIT_MS_MIN = 1 * SECOND;
export const CALLOUT_HOST_WAIT_MS_MAX = 60 * SECOND;
/** `POST /deliveries/replay`: new deliveries in a second. */
export const REPLAY_PER_SECOND_MAX = 100;
/** Bytes of an answer that are kept for the admin. */
export const RESPONSE_START_BYTES_MAX = 4 * 1024;
/** Bytes of an answer that are read at all. */
export const RESPONSE_BYTES_MAX = 64 * 1024;
export const NOTIFICATION_RETRY_INTERVAL_MS = 60 * SECOND;
export const NOTIFICATION_RESENDS_MAX = 10;
export const NOTIFICATION_TIMEOUT_MS = 15 * SECOND;

/* ---- mail (contract.md 3, IEP-19) ---- */
export const MAIL_BYTES_MAX = 30 * 1024 * 1024;
export const MAIL_ATTACHMENT_BYTES_MAX = 10 * 1024 * 1024;
/** Parts that are read of one message, embedded messages included; the rest stays in the raw message. */
export const MAIL_PARTS_MAX = 1000;
/** Multiparts and embedded messages in one another. */
export const MAIL_DEPTH_MAX = 20;
/** Fields that are read of one header block, and bytes of each. */
export const MAIL_HEADERS_MAX = 1000;
export const MAIL_HEADER_BYTES_MAX = 64 * 1024;
/** What `ReadMail.headers` keeps: names, and characters of each. */
export const MAIL_HEADERS_KEPT_MAX = 200;
export const MAIL_HEADER_CHARACTERS_KEPT_MAX = 2000;
export const MAIL_ADDRESSES_MAX = 500;
export const MAIL_REFERENCES_MAX = 100;
/** UTF-16 units that are read of the text, and of an HTML part before it is text. */
export const MAIL_TEXT_CHARACTERS_MAX = 1_000_000;
export const MAIL_HTML_CHARACTERS_MAX = 2_000_000;
export const MAIL_NAME_CHARACTERS_MAX = 250;
export const MAIL_WARNINGS_MAX = 50;
/** An ATES token: its text, its elements, their nesting. */
export const TOKEN_CHARACTERS_MAX = 16 * 1024;
export const TOKEN_ELEMENTS_MAX = 100;
export const TOKEN_DEPTH_MAX = 8;
/** A password this long or longer is masked wherever it stands, not only in its token: a shorter one would garble the mail. */
export const PASSWORD_MASKED_CHARACTERS_MIN = 6;
/** Different passwords, and places of passwords, in one message; with more it is no alert, and its body is withheld instead of searched. */
export const PASSWORDS_PER_MAIL_MAX = 50;
export const PASSWORD_PLACES_MAX = 1000;

/* ---- clocks of tickets, and schedules ---- */
/** One timer of a ticket's workflow: after it the ticket is looked at again, whatever its deadline. */
export const CLOCK_SLEEP_MS_MAX = 30 * DAY;
/** Times that one run of it wakes, before it goes on as a new run with a short history. */
export const CLOCK_WAKES_MAX = 100;
/** The clock of a completed ticket that would wake within this is left to end by itself. */
export const CLOCK_ENDS_ITSELF_MS = 1 * HOUR;
/** A clock that has not looked so long after its time is started again: somebody ended its workflow, or it was lost. */
export const CLOCK_LATE_MS = 1 * MINUTE;
/** Clocks that one look finds late; the next look finds the rest. */
export const LATE_CLOCKS_MAX = 10_000;
/** Tickets in one transaction after rules with clocks have changed; and batches in one run of that workflow. */
export const REARM_BATCH_MAX = 100;
export const REARM_BATCHES_MAX = 500;
/** A time of a schedule that was missed fires late within this, and not after (contract.md 4, Every). */
export const SCHEDULE_CATCH_UP_MS = 1 * HOUR;
/** Missed times of a schedule that are told by name. */
export const SCHEDULE_MISSES_MAX = 20;

/* ---- the SMTP door; connections and messages a minute are settings ---- */
export const SMTP_RECIPIENTS_MAX = 100;
/** Replies to one client between two messages that were taken: bounds NOOP floods and guessing of addresses. */
export const SMTP_REPLIES_PER_MESSAGE_MAX = 1000;
/** Refused commands between two messages that were taken. */
export const SMTP_ERRORS_PER_MESSAGE_MAX = 50;
export const SMTP_LINE_BYTES_MAX = 4096;
export const SMTP_IDLE_MS = 1 * MINUTE;
/** From one message, or the greeting, to the next: who sends a byte a second is not idle and gets nowhere. */
export const SMTP_MESSAGE_MS_MAX = 10 * MINUTE;
/** A session that lives longer may send on in a new one. */
export const SMTP_SESSION_MS_MAX = 1 * HOUR;
/** Messages that are being received by one process, together: many large ones at once wait at their senders. */
export const SMTP_BYTES_UNDER_WAY_MAX = 256 * 1024 * 1024;
/** A message above its limit is read to this size, so that the sender sees the answer; then the connection is closed. */
export const SMTP_DRAINED_BYTES_MAX = 2 * MAIL_BYTES_MAX;
/** How long the receiver may take to store before the sender is asked to come again. */
export const SMTP_STORE_MS_MAX = 30 * SECOND;
/** How often overdue sessions and a changed certificate are looked for. */
export const SMTP_SWEEP_MS = 1 * SECOND;
export const SMTP_CERTIFICATE_CHECK_MS = 1 * MINUTE;

/* ---- processes ---- */
/** Below it the disk is said to be full: two segments of Postgres' write-ahead log. */
export const DISK_FREE_BYTES_FULL = 32 * 1024 * 1024;
/** Below it `tocsin doctor` warns. */
export const DISK_FREE_BYTES_MIN = 512 * 1024 * 1024;
export const SHUTDOWN_MS_MAX = 20 * SECOND;
export const WORKER_GRACE_MS = 12 * SECOND;
/** A lost listening connection is made again after this. */
export const LISTEN_AGAIN_MS = 1 * SECOND;
/** Beside LISTEN: how often a process looks whether another rule set is in force. */
export const RULES_POLL_MS = 15 * SECOND;
export const OUTBOX_POLL_MS = 1 * SECOND;
export const OUTBOX_BATCH_MAX = 50;
export const TEMPORAL_CALL_TIMEOUT_MS = 5 * SECOND;
export const RETENTION_CHECK_MS = 1 * HOUR;

/* ---- the editor ---- */
/** Warnings of analysis follow this long after the last key. */
export const EDITOR_ANALYSIS_DELAY_MS = 250;
/** An analysis that takes longer is given up, and told once. */
export const EDITOR_ANALYSIS_MS_MAX = 60 * SECOND;
/** Rule files that an editor reads of its folders; the largest one that it reads. */
export const EDITOR_FILES_MAX = 2000;
export const EDITOR_FILE_CHARACTERS_MAX = 4 * 1024 * 1024;
/** Entries of one completion; typing on asks for the rest. */
export const COMPLETIONS_MAX = 500;
/** Names that one search of the workspace gives. */
export const WORKSPACE_SYMBOLS_MAX = 500;
/** How old the counts of firings that an editor shows may be, and how long it waits for them. */
export const EDITOR_FIRINGS_AGE_MS = 1 * MINUTE;
export const EDITOR_FIRINGS_TIMEOUT_MS = 3 * SECOND;

/* ---- rule files ---- */
/** `check --fix`: rounds, for one fix may uncover the next; and fixes tried one by one when a round would do harm. */
export const FIX_ROUNDS_MAX = 10;
export const FIXES_TRIED_ALONE_MAX = 200;
/** UTF-16 units; a set may have many files. */
export const RULE_FILE_CHARACTERS_MAX = 8 * 1024 * 1024;
/** An editor reads a longer file anew at each key, declaration by declaration no longer. */
export const KEPT_FILE_CHARACTERS_MAX = 2 * 1024 * 1024;
export const RULE_LINE_CHARACTERS_MAX = 256 * 1024;
/** Brackets in brackets, `not` before `not`: whatever would nest the tree. */
export const NESTING_DEPTH_MAX = 64;
export const DIAGNOSTICS_PER_FILE_MAX = 50;
/** Kept before they are sorted and cut. */
export const DIAGNOSTICS_COLLECTED_MAX = 1000;
/** Guesses at what a broken declaration was meant to be, and the tokens read again for them in one file. */
export const REPAIRS_PER_DECLARATION_MAX = 20;
export const REPAIR_TOKENS_MAX = 2_000_000;

/* ---- mail processing ---- */
/** A mail that fails by itself is tried so often, then it is `failed`. */
export const MAIL_TRIES_MAX = 3;
/** Before it is tried again, by the number of tries. */
export const MAIL_RETRY_MS: readonly number[] = [0, 1 * SECOND, 5 * SECOND];
/** A mail that a process took and did not finish is another's after this. */
export const MAIL_LEASE_MS = 15 * SECOND;
/** Beside notifications: how often a process looks for mail that waits, for what a crash left. */
export const MAIL_SWEEP_MS = 5 * SECOND;
/** Mails in one transaction of receipt, and in one of decision. */
export const MAIL_RECEIVE_BATCH_MAX = 64;
export const MAIL_DECIDE_BATCH_MAX = 100;
/** A message above this is read and masked in a thread, so that everybody else goes on being answered. */
export const MAIL_ASIDE_BYTES_MIN = 256 * 1024;
/** Such threads of one process: a hostile message must not hold up all other large ones. */
export const MAIL_THREADS_MAX = 2;
/** How long one message may take there; then it is not taken (451), or `failed` if it was stored before. Below MAIL_LEASE_MS. */
export const MAIL_ASIDE_MS_MAX = 10 * SECOND;
/** Heap of such a thread, in MiB: what a message of 30 MiB can need and no more. */
export const MAIL_THREAD_MEMORY_MIB = 512;
/** A thread without work ends after this. */
export const MAIL_THREAD_IDLE_MS = 10 * SECOND;
/** So many mails that wait for their commit at once are a storm: senders are answered first, and deciding waits until it is over... */
export const MAIL_STORM_MIN = 8;
/** ... for so long a time, ... */
export const MAIL_STORM_OVER_MS = 50;
/** ... or has been behind for so long: then both go on beside each other until all is decided. */
export const MAIL_BEHIND_MS_MAX = 10 * SECOND;
/** Waves in one transaction of decision: a hundred mails about one thing are as many, and must not outlast STORE_TIMEOUT_MS. */
export const MAIL_WAVES_MAX = 10;
/** Bytes of raw mail that one transaction of decision reads; a single larger one goes alone. */
export const MAIL_DECIDE_BATCH_BYTES_MAX = 16 * 1024 * 1024;
/** Bytes of raw mail that one transaction of receipt carries; a single larger one goes alone. */
export const MAIL_RECEIVE_BATCH_BYTES_MAX = 8 * 1024 * 1024;
/** Bytes that wait for receipt in one process; above it 451. */
export const MAIL_WAITING_BYTES_MAX = 256 * 1024 * 1024;
/** IEP-21: so many mails of a person with one subject in so long a time, then `loop`. */
export const MAIL_LOOP_COUNT_MAX = 2;
export const MAIL_LOOP_WINDOW_MS = 5 * MINUTE;
/** At most one notice of failure to one sender in this time. */
export const MAIL_FAILURE_NOTICE_MS = 1 * HOUR;
/** IEP-12: mailboxes beside the one for token mail. */
export const MAILBOXES_ACTIVE_MAX = 15;
/** IEP-11: the basic edition. */
export const MAILBOXES_ACTIVE_BASIC_MAX = 1;
/** Hours of one time entry by mail, as by the API. */
export const TIME_ENTRY_HOURS_MAX = 1000;
/** Names of attachments that are told on a ticket. */
export const MAIL_ATTACHMENTS_TOLD_MAX = 50;
/** Characters kept of addresses, subjects and header values in a mail's row. */
export const MAIL_KEPT_CHARACTERS_MAX = 1000;

/** Of one request of the Temporal UI to the codec server. */
export const CODEC_PAYLOADS_MAX = 1000;

/** Rule files of so many characters together are compiled in a thread of their own, some eight hundred rules. */
export const RULES_COMPILE_ASIDE_UNITS_MIN = 256 * 1024;
/** A thread that has not compiled by then has failed. */
export const RULES_COMPILE_ASIDE_MS_MAX = 5 * MINUTE;
/** Analysis of a large set on a server is given up after this: the set is published without its warnings. */
export const RULES_ANALYSIS_MS_MAX = 60 * SECOND;
