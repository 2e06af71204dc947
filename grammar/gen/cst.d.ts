/** Generated from the grammar by scripts/generate-cst-types.ts; not to be edited. */
import type { CstNode, ICstVisitor, IToken } from "chevrotain";

export interface ExpressionCstNode extends CstNode {
  name: "expression";
  children: ExpressionCstChildren;
}

export type ExpressionCstChildren = {
  atom: (AtomCstNode)[];
  Or?: IToken[];
};

export interface AtomCstNode extends CstNode {
  name: "atom";
  children: AtomCstChildren;
}

export type AtomCstChildren = {
  Quoted?: IToken[];
  pathOrLookup?: PathOrLookupCstNode[];
  durationValue?: DurationValueCstNode[];
  NumberLiteral?: IToken[];
  DecimalComma?: IToken[];
  True?: IToken[];
  False?: IToken[];
  moment?: MomentCstNode[];
  list?: ListCstNode[];
};

export interface PathOrLookupCstNode extends CstNode {
  name: "pathOrLookup";
  children: PathOrLookupCstChildren;
}

export type PathOrLookupCstChildren = {
  Category?: IToken[];
  Default?: IToken[];
  secret?: SecretCstNode[];
  path?: PathCstNode[];
  LBracket?: IToken[];
  expression?: ExpressionCstNode[];
  RBracket?: IToken[];
};

export interface SecretCstNode extends CstNode {
  name: "secret";
  children: SecretCstChildren;
}

export type SecretCstChildren = {
  Secret: IToken[];
  Quoted: IToken[];
};

export interface PathCstNode extends CstNode {
  name: "path";
  children: PathCstChildren;
}

export type PathCstChildren = {
  Word: (IToken)[];
  Dot?: IToken[];
  Quoted?: IToken[];
};

export interface ListCstNode extends CstNode {
  name: "list";
  children: ListCstChildren;
}

export type ListCstChildren = {
  LBracket: IToken[];
  Comma?: IToken[];
  expression?: ExpressionCstNode[];
  RBracket: IToken[];
};

export interface DurationValueCstNode extends CstNode {
  name: "durationValue";
  children: DurationValueCstChildren;
}

export type DurationValueCstChildren = {
  ShortDuration?: IToken[];
  NumberLiteral?: (IToken)[];
  Unit?: (IToken)[];
};

export interface DurationCstNode extends CstNode {
  name: "duration";
  children: DurationCstChildren;
}

export type DurationCstChildren = {
  ShortDuration?: IToken[];
  NumberLiteral?: (IToken)[];
  Unit?: (IToken)[];
};

export interface MomentCstNode extends CstNode {
  name: "moment";
  children: MomentCstChildren;
}

export type MomentCstChildren = {
  DateLiteral?: IToken[];
  ClockLiteral?: (IToken)[];
};

export interface FieldLineCstNode extends CstNode {
  name: "fieldLine";
  children: FieldLineCstChildren;
}

export type FieldLineCstChildren = {
  path: PathCstNode[];
  Equals: IToken[];
  expression: ExpressionCstNode[];
  Comma?: IToken[];
};

export interface DueInLineCstNode extends CstNode {
  name: "dueInLine";
  children: DueInLineCstChildren;
}

export type DueInLineCstChildren = {
  Due: IToken[];
  In: IToken[];
  duration: DurationCstNode[];
  Comma?: IToken[];
};

export interface DayRangeCstNode extends CstNode {
  name: "dayRange";
  children: DayRangeCstChildren;
}

export type DayRangeCstChildren = {
  DayName?: (IToken)[];
  Weekday?: IToken[];
  Unit?: IToken[];
  To?: IToken[];
};

export interface DaysCstNode extends CstNode {
  name: "days";
  children: DaysCstChildren;
}

export type DaysCstChildren = {
  dayRange: (DayRangeCstNode)[];
  Comma?: IToken[];
};

export interface ClockRangesCstNode extends CstNode {
  name: "clockRanges";
  children: ClockRangesCstChildren;
}

export type ClockRangesCstChildren = {
  clockRange: (ClockRangeCstNode)[];
  Comma?: IToken[];
};

export interface ClockRangeCstNode extends CstNode {
  name: "clockRange";
  children: ClockRangeCstChildren;
}

export type ClockRangeCstChildren = {
  ClockLiteral: (IToken)[];
  To: IToken[];
};

export interface ConditionCstNode extends CstNode {
  name: "condition";
  children: ConditionCstChildren;
}

export type ConditionCstChildren = {
  unary: (UnaryCstNode)[];
  And?: IToken[];
  Or?: IToken[];
};

export interface UnaryCstNode extends CstNode {
  name: "unary";
  children: UnaryCstChildren;
}

export type UnaryCstChildren = {
  Not?: IToken[];
  operand: OperandCstNode[];
  tail?: TailCstNode[];
};

export interface OperandCstNode extends CstNode {
  name: "operand";
  children: OperandCstChildren;
}

export type OperandCstChildren = {
  count?: CountCstNode[];
  quantified?: QuantifiedCstNode[];
  calendarTest?: CalendarTestCstNode[];
  group?: GroupCstNode[];
  atom?: AtomCstNode[];
};

export interface GroupCstNode extends CstNode {
  name: "group";
  children: GroupCstChildren;
}

export type GroupCstChildren = {
  LParen: IToken[];
  condition: (ConditionCstNode)[];
  Comma?: IToken[];
  RParen: IToken[];
};

export interface QuantifiedCstNode extends CstNode {
  name: "quantified";
  children: QuantifiedCstChildren;
}

export type QuantifiedCstChildren = {
  Any?: IToken[];
  All?: IToken[];
  None?: IToken[];
  One?: IToken[];
  Of: IToken[];
  group: GroupCstNode[];
};

export interface CalendarTestCstNode extends CstNode {
  name: "calendarTest";
  children: CalendarTestCstChildren;
}

export type CalendarTestCstChildren = {
  During?: IToken[];
  Outside?: IToken[];
  Quoted: IToken[];
};

export interface CountCstNode extends CstNode {
  name: "count";
  children: CountCstChildren;
}

export type CountCstChildren = {
  More?: IToken[];
  Than?: IToken[];
  At?: IToken[];
  Least?: IToken[];
  NumberLiteral: IToken[];
  Alerts?: IToken[];
  Alert?: IToken[];
  In?: IToken[];
  Within?: IToken[];
  duration: DurationCstNode[];
  per?: PerCstNode[];
};

export interface PerCstNode extends CstNode {
  name: "per";
  children: PerCstChildren;
}

export type PerCstChildren = {
  Per: IToken[];
  path?: (PathCstNode)[];
  LParen?: IToken[];
  Comma?: IToken[];
  RParen?: IToken[];
};

export interface TailCstNode extends CstNode {
  name: "tail";
  children: TailCstChildren;
}

export type TailCstChildren = {
  isTail?: IsTailCstNode[];
  Does?: IToken[];
  Not?: IToken[];
  infinitive?: InfinitiveCstNode[];
  operation?: (OperationCstNode)[];
  changed?: ChangedCstNode[];
  foreignTail?: ForeignTailCstNode[];
};

export interface IsTailCstNode extends CstNode {
  name: "isTail";
  children: IsTailCstChildren;
}

export type IsTailCstChildren = {
  Is: IToken[];
  Not?: IToken[];
  Empty?: IToken[];
  operation?: OperationCstNode[];
  right?: RightCstNode[];
};

export interface InfinitiveCstNode extends CstNode {
  name: "infinitive";
  children: InfinitiveCstChildren;
}

export type InfinitiveCstChildren = {
  changed?: ChangedCstNode[];
  Contain?: IToken[];
  Match?: IToken[];
  Start?: IToken[];
  End?: IToken[];
  With?: IToken[];
  right?: RightCstNode[];
};

export interface OperationCstNode extends CstNode {
  name: "operation";
  children: OperationCstChildren;
}

export type OperationCstChildren = {
  between?: BetweenCstNode[];
  calendarTest?: CalendarTestCstNode[];
  operator?: OperatorCstNode[];
  right?: RightCstNode[];
};

export interface OperatorCstNode extends CstNode {
  name: "operator";
  children: OperatorCstChildren;
}

export type OperatorCstChildren = {
  In?: IToken[];
  Like?: IToken[];
  Contains?: IToken[];
  Starts?: IToken[];
  Ends?: IToken[];
  With?: IToken[];
  Matches?: IToken[];
  At?: IToken[];
  Least?: IToken[];
  Most?: IToken[];
  More?: IToken[];
  Less?: IToken[];
  Than?: IToken[];
  LessThan?: IToken[];
  LessOrEqual?: IToken[];
  GreaterThan?: IToken[];
  GreaterOrEqual?: IToken[];
};

export interface BetweenCstNode extends CstNode {
  name: "between";
  children: BetweenCstChildren;
}

export type BetweenCstChildren = {
  Between: IToken[];
  atom: (AtomCstNode)[];
  And: IToken[];
};

export interface ChangedCstNode extends CstNode {
  name: "changed";
  children: ChangedCstChildren;
}

export type ChangedCstChildren = {
  Changed: IToken[];
  From?: IToken[];
  right?: (RightCstNode)[];
  To?: IToken[];
};

export interface RightCstNode extends CstNode {
  name: "right";
  children: RightCstChildren;
}

export type RightCstChildren = {
  Exactly?: IToken[];
  Any?: IToken[];
  All?: IToken[];
  None?: IToken[];
  One?: IToken[];
  Of?: IToken[];
  valueGroup?: (ValueGroupCstNode)[];
  atom?: (AtomCstNode)[];
};

export interface ValueGroupCstNode extends CstNode {
  name: "valueGroup";
  children: ValueGroupCstChildren;
}

export type ValueGroupCstChildren = {
  LParen: IToken[];
  Comma?: IToken[];
  expression?: ExpressionCstNode[];
  RParen: IToken[];
};

export interface ForeignTailCstNode extends CstNode {
  name: "foreignTail";
  children: ForeignTailCstChildren;
}

export type ForeignTailCstChildren = {
  Equals?: IToken[];
  NotEquals?: IToken[];
  EqualsWord?: IToken[];
  To?: IToken[];
  right?: RightCstNode[];
  Exists?: IToken[];
};

export interface RuleCstNode extends CstNode {
  name: "rule";
  children: RuleCstChildren;
}

export type RuleCstChildren = {
  Inactive?: IToken[];
  Rule: IToken[];
  Quoted: IToken[];
  clause?: ClauseCstNode[];
  End: IToken[];
};

export interface ClauseCstNode extends CstNode {
  name: "clause";
  children: ClauseCstChildren;
}

export type ClauseCstChildren = {
  Order?: IToken[];
  NumberLiteral?: IToken[];
  scope?: ScopeCstNode[];
  whenClause?: WhenClauseCstNode[];
  If?: IToken[];
  condition?: (ConditionCstNode)[];
  Except?: IToken[];
  When?: IToken[];
  Unless?: IToken[];
  thenClause?: ThenClauseCstNode[];
};

export interface ScopeCstNode extends CstNode {
  name: "scope";
  children: ScopeCstChildren;
}

export type ScopeCstChildren = {
  For: IToken[];
  Organization?: IToken[];
  Organizations?: IToken[];
  texts?: TextsCstNode[];
  In?: IToken[];
  Word?: IToken[];
  list?: ListCstNode[];
};

export interface TextsCstNode extends CstNode {
  name: "texts";
  children: TextsCstChildren;
}

export type TextsCstChildren = {
  Quoted: (IToken)[];
  Comma?: IToken[];
};

export interface WhenClauseCstNode extends CstNode {
  name: "whenClause";
  children: WhenClauseCstChildren;
}

export type WhenClauseCstChildren = {
  When: IToken[];
  event: (EventCstNode)[];
  Or?: IToken[];
  Quoted?: IToken[];
};

export interface EventCstNode extends CstNode {
  name: "event";
  children: EventCstChildren;
}

export type EventCstChildren = {
  alertEvent?: AlertEventCstNode[];
  absenceEvent?: AbsenceEventCstNode[];
  ticketEvent?: TicketEventCstNode[];
  ticketTimeEvent?: TicketTimeEventCstNode[];
  entryEvent?: EntryEventCstNode[];
  calloutEvent?: CalloutEventCstNode[];
  everyEvent?: EveryEventCstNode[];
  fieldEvent?: FieldEventCstNode[];
};

export interface AlertEventCstNode extends CstNode {
  name: "alertEvent";
  children: AlertEventCstChildren;
}

export type AlertEventCstChildren = {
  Alert: IToken[];
  Received?: IToken[];
  Repeats?: IToken[];
  Resolved?: IToken[];
  Still?: IToken[];
  Firing?: IToken[];
  After?: IToken[];
  duration?: DurationCstNode[];
};

export interface AbsenceEventCstNode extends CstNode {
  name: "absenceEvent";
  children: AbsenceEventCstChildren;
}

export type AbsenceEventCstChildren = {
  No: IToken[];
  Alert: IToken[];
  For: IToken[];
  duration: DurationCstNode[];
  per?: PerCstNode[];
};

export interface TicketEventCstNode extends CstNode {
  name: "ticketEvent";
  children: TicketEventCstChildren;
}

export type TicketEventCstChildren = {
  Ticket: IToken[];
  ticketVerb: (TicketVerbCstNode)[];
  Or?: IToken[];
  by?: ByCstNode[];
};

export interface TicketVerbCstNode extends CstNode {
  name: "ticketVerb";
  children: TicketVerbCstChildren;
}

export type TicketVerbCstChildren = {
  Created?: IToken[];
  Edited?: IToken[];
  Completed?: IToken[];
  Reopened?: IToken[];
};

export interface ByCstNode extends CstNode {
  name: "by";
  children: ByCstChildren;
}

export type ByCstChildren = {
  By: IToken[];
  actor: (ActorCstNode)[];
  Comma?: IToken[];
  Or?: IToken[];
};

export interface ActorCstNode extends CstNode {
  name: "actor";
  children: ActorCstChildren;
}

export type ActorCstChildren = {
  Staff?: IToken[];
  Contact?: IToken[];
  System?: IToken[];
  Rule?: IToken[];
  Integration?: IToken[];
};

export interface TicketTimeEventCstNode extends CstNode {
  name: "ticketTimeEvent";
  children: TicketTimeEventCstChildren;
}

export type TicketTimeEventCstChildren = {
  Ticket: IToken[];
  Idle?: IToken[];
  Open?: IToken[];
  For?: IToken[];
  duration?: (DurationCstNode)[];
  Due?: IToken[];
  In?: IToken[];
  Overdue?: IToken[];
  By?: IToken[];
  During?: IToken[];
  Quoted?: IToken[];
};

export interface EntryEventCstNode extends CstNode {
  name: "entryEvent";
  children: EntryEventCstChildren;
}

export type EntryEventCstChildren = {
  Note?: IToken[];
  Time?: IToken[];
  Entry?: IToken[];
  Added: IToken[];
  by?: ByCstNode[];
};

export interface CalloutEventCstNode extends CstNode {
  name: "calloutEvent";
  children: CalloutEventCstChildren;
}

export type CalloutEventCstChildren = {
  Callout: IToken[];
  Quoted?: IToken[];
  Succeeded?: IToken[];
  Failed?: IToken[];
};

export interface EveryEventCstNode extends CstNode {
  name: "everyEvent";
  children: EveryEventCstChildren;
}

export type EveryEventCstChildren = {
  Every: IToken[];
  durationValue?: DurationValueCstNode[];
  days?: DaysCstNode[];
  At?: IToken[];
  ClockLiteral?: (IToken)[];
  Comma?: IToken[];
  In?: IToken[];
  Quoted?: (IToken)[];
  Zone?: IToken[];
};

export interface FieldEventCstNode extends CstNode {
  name: "fieldEvent";
  children: FieldEventCstChildren;
}

export type FieldEventCstChildren = {
  path: PathCstNode[];
  Changes?: IToken[];
  Changed?: IToken[];
  From?: IToken[];
  valueList?: (ValueListCstNode)[];
  To?: IToken[];
  by?: ByCstNode[];
};

export interface ValueListCstNode extends CstNode {
  name: "valueList";
  children: ValueListCstChildren;
}

export type ValueListCstChildren = {
  Any?: IToken[];
  One?: IToken[];
  Of?: IToken[];
  valueGroup?: ValueGroupCstNode[];
  atom?: (AtomCstNode)[];
  Comma?: IToken[];
};

export interface ThenClauseCstNode extends CstNode {
  name: "thenClause";
  children: ThenClauseCstChildren;
}

export type ThenClauseCstChildren = {
  Then: IToken[];
  action?: ActionCstNode[];
};

export interface ActionCstNode extends CstNode {
  name: "action";
  children: ActionCstChildren;
}

export type ActionCstChildren = {
  createTicket?: CreateTicketCstNode[];
  addNote?: AddNoteCstNode[];
  setField?: SetFieldCstNode[];
  completeTicket?: CompleteTicketCstNode[];
  changeTag?: ChangeTagCstNode[];
  runCallout?: RunCalloutCstNode[];
  notify?: NotifyCstNode[];
  suppressAlert?: SuppressAlertCstNode[];
  Stop?: IToken[];
};

export interface CreateTicketCstNode extends CstNode {
  name: "createTicket";
  children: CreateTicketCstChildren;
}

export type CreateTicketCstChildren = {
  Create: IToken[];
  Ticket: IToken[];
  dueInLine?: DueInLineCstNode[];
  dedupLine?: DedupLineCstNode[];
  noDedupLine?: NoDedupLineCstNode[];
  onRepeatLine?: OnRepeatLineCstNode[];
  oncePerLine?: OncePerLineCstNode[];
  fieldLine?: FieldLineCstNode[];
};

export interface DedupLineCstNode extends CstNode {
  name: "dedupLine";
  children: DedupLineCstChildren;
}

export type DedupLineCstChildren = {
  Dedup: IToken[];
  Within: IToken[];
  duration: DurationCstNode[];
  By: IToken[];
  dedupPart: (DedupPartCstNode)[];
  Comma?: (IToken)[];
  Across?: IToken[];
  crossed?: (CrossedCstNode)[];
};

export interface DedupPartCstNode extends CstNode {
  name: "dedupPart";
  children: DedupPartCstChildren;
}

export type DedupPartCstChildren = {
  path: PathCstNode[];
  Without?: IToken[];
  Numbers?: IToken[];
};

export interface CrossedCstNode extends CstNode {
  name: "crossed";
  children: CrossedCstChildren;
}

export type CrossedCstChildren = {
  Organizations?: IToken[];
  Sources?: IToken[];
};

export interface NoDedupLineCstNode extends CstNode {
  name: "noDedupLine";
  children: NoDedupLineCstChildren;
}

export type NoDedupLineCstChildren = {
  No: IToken[];
  Dedup: IToken[];
};

export interface OnRepeatLineCstNode extends CstNode {
  name: "onRepeatLine";
  children: OnRepeatLineCstChildren;
}

export type OnRepeatLineCstChildren = {
  On: IToken[];
  Repeat: IToken[];
  Note: IToken[];
  Quoted: IToken[];
};

export interface OncePerLineCstNode extends CstNode {
  name: "oncePerLine";
  children: OncePerLineCstChildren;
}

export type OncePerLineCstChildren = {
  Once: IToken[];
  Per: (IToken)[];
  duration: DurationCstNode[];
  path?: PathCstNode[];
};

export interface AddNoteCstNode extends CstNode {
  name: "addNote";
  children: AddNoteCstChildren;
}

export type AddNoteCstChildren = {
  Add: IToken[];
  Note: IToken[];
  Quoted: IToken[];
  Internal?: IToken[];
  Public?: IToken[];
};

export interface SetFieldCstNode extends CstNode {
  name: "setField";
  children: SetFieldCstChildren;
}

export type SetFieldCstChildren = {
  Set: IToken[];
  path: PathCstNode[];
  Equals?: IToken[];
  To?: IToken[];
  Is?: IToken[];
  expression: ExpressionCstNode[];
};

export interface CompleteTicketCstNode extends CstNode {
  name: "completeTicket";
  children: CompleteTicketCstChildren;
}

export type CompleteTicketCstChildren = {
  Complete: IToken[];
  Ticket: IToken[];
  If?: IToken[];
  Untouched?: IToken[];
};

export interface ChangeTagCstNode extends CstNode {
  name: "changeTag";
  children: ChangeTagCstChildren;
}

export type ChangeTagCstChildren = {
  Add?: IToken[];
  Remove?: IToken[];
  Tag?: IToken[];
  Tags?: IToken[];
  texts: TextsCstNode[];
};

export interface RunCalloutCstNode extends CstNode {
  name: "runCallout";
  children: RunCalloutCstChildren;
}

export type RunCalloutCstChildren = {
  Run: IToken[];
  Callout: IToken[];
  Quoted: IToken[];
};

export interface NotifyCstNode extends CstNode {
  name: "notify";
  children: NotifyCstChildren;
}

export type NotifyCstChildren = {
  Notify: IToken[];
  notifyTarget: (NotifyTargetCstNode)[];
  Comma?: IToken[];
  With?: IToken[];
  Template?: IToken[];
  Text?: IToken[];
  Quoted?: IToken[];
};

export interface NotifyTargetCstNode extends CstNode {
  name: "notifyTarget";
  children: NotifyTargetCstChildren;
}

export type NotifyTargetCstChildren = {
  Quoted?: IToken[];
  path?: PathCstNode[];
};

export interface SuppressAlertCstNode extends CstNode {
  name: "suppressAlert";
  children: SuppressAlertCstChildren;
}

export type SuppressAlertCstChildren = {
  Suppress: IToken[];
  Alert: IToken[];
};

export interface ListDeclarationCstNode extends CstNode {
  name: "listDeclaration";
  children: ListDeclarationCstChildren;
}

export type ListDeclarationCstChildren = {
  List: IToken[];
  bareName: BareNameCstNode[];
  Equals: IToken[];
  list: ListCstNode[];
};

export interface BareNameCstNode extends CstNode {
  name: "bareName";
  children: BareNameCstChildren;
}

export type BareNameCstChildren = {
  Word?: IToken[];
  Quoted?: IToken[];
};

export interface LookupDeclarationCstNode extends CstNode {
  name: "lookupDeclaration";
  children: LookupDeclarationCstChildren;
}

export type LookupDeclarationCstChildren = {
  Lookup: IToken[];
  bareName: BareNameCstNode[];
  lookupEntry?: LookupEntryCstNode[];
  lookupOtherwise?: LookupOtherwiseCstNode[];
  End: IToken[];
};

export interface LookupEntryCstNode extends CstNode {
  name: "lookupEntry";
  children: LookupEntryCstChildren;
}

export type LookupEntryCstChildren = {
  atom: (AtomCstNode)[];
  Comma?: (IToken)[];
  Arrow: IToken[];
  expression: ExpressionCstNode[];
};

export interface LookupOtherwiseCstNode extends CstNode {
  name: "lookupOtherwise";
  children: LookupOtherwiseCstChildren;
}

export type LookupOtherwiseCstChildren = {
  Otherwise: IToken[];
  Arrow: IToken[];
  expression: ExpressionCstNode[];
  Comma?: IToken[];
};

export interface ValuesDeclarationCstNode extends CstNode {
  name: "valuesDeclaration";
  children: ValuesDeclarationCstChildren;
}

export type ValuesDeclarationCstChildren = {
  Values: IToken[];
  path: PathCstNode[];
  Equals: IToken[];
  Quoted: (IToken)[];
  LessThan?: IToken[];
  Comma?: IToken[];
};

export interface DefineDeclarationCstNode extends CstNode {
  name: "defineDeclaration";
  children: DefineDeclarationCstChildren;
}

export type DefineDeclarationCstChildren = {
  Define: IToken[];
  bareName: BareNameCstNode[];
  As?: IToken[];
  Equals?: IToken[];
  condition: ConditionCstNode[];
};

export interface CalendarDeclarationCstNode extends CstNode {
  name: "calendarDeclaration";
  children: CalendarDeclarationCstChildren;
}

export type CalendarDeclarationCstChildren = {
  Calendar: IToken[];
  Quoted: IToken[];
  zoneLine?: ZoneLineCstNode[];
  hoursLine?: HoursLineCstNode[];
  closedLine?: ClosedLineCstNode[];
  End: IToken[];
};

export interface ZoneLineCstNode extends CstNode {
  name: "zoneLine";
  children: ZoneLineCstChildren;
}

export type ZoneLineCstChildren = {
  Zone: IToken[];
  Quoted: IToken[];
};

export interface HoursLineCstNode extends CstNode {
  name: "hoursLine";
  children: HoursLineCstChildren;
}

export type HoursLineCstChildren = {
  days: DaysCstNode[];
  clockRanges: ClockRangesCstNode[];
};

export interface ClosedLineCstNode extends CstNode {
  name: "closedLine";
  children: ClosedLineCstChildren;
}

export type ClosedLineCstChildren = {
  Closed: IToken[];
  dateRange: (DateRangeCstNode)[];
  Comma?: IToken[];
};

export interface DateRangeCstNode extends CstNode {
  name: "dateRange";
  children: DateRangeCstChildren;
}

export type DateRangeCstChildren = {
  DateLiteral: (IToken)[];
  To?: IToken[];
};

export interface CategoryDeclarationCstNode extends CstNode {
  name: "categoryDeclaration";
  children: CategoryDeclarationCstChildren;
}

export type CategoryDeclarationCstChildren = {
  Category: IToken[];
  Quoted: IToken[];
  dueInLine?: DueInLineCstNode[];
  fieldLine?: FieldLineCstNode[];
  End: IToken[];
};

export interface RecipientDeclarationCstNode extends CstNode {
  name: "recipientDeclaration";
  children: RecipientDeclarationCstChildren;
}

export type RecipientDeclarationCstChildren = {
  Recipient: IToken[];
  Quoted: IToken[];
  recipientLine?: RecipientLineCstNode[];
  End: IToken[];
};

export interface RecipientLineCstNode extends CstNode {
  name: "recipientLine";
  children: RecipientLineCstChildren;
}

export type RecipientLineCstChildren = {
  Email?: IToken[];
  Webhook?: IToken[];
  texts: TextsCstNode[];
};

export interface TemplateDeclarationCstNode extends CstNode {
  name: "templateDeclaration";
  children: TemplateDeclarationCstChildren;
}

export type TemplateDeclarationCstChildren = {
  Template: IToken[];
  Quoted: IToken[];
  templateLine?: TemplateLineCstNode[];
  End: IToken[];
};

export interface TemplateLineCstNode extends CstNode {
  name: "templateLine";
  children: TemplateLineCstChildren;
}

export type TemplateLineCstChildren = {
  Subject?: IToken[];
  Body?: IToken[];
  Quoted: IToken[];
};

export interface PartnerDeclarationCstNode extends CstNode {
  name: "partnerDeclaration";
  children: PartnerDeclarationCstChildren;
}

export type PartnerDeclarationCstChildren = {
  Partner: IToken[];
  Quoted: IToken[];
};

export interface UdfDeclarationCstNode extends CstNode {
  name: "udfDeclaration";
  children: UdfDeclarationCstChildren;
}

export type UdfDeclarationCstChildren = {
  Udf: IToken[];
  Ticket?: IToken[];
  Organization?: IToken[];
  Device?: IToken[];
  Quoted: IToken[];
  Text?: IToken[];
  Number?: IToken[];
  Date?: IToken[];
  Boolean?: IToken[];
};

export interface MaintenanceDeclarationCstNode extends CstNode {
  name: "maintenanceDeclaration";
  children: MaintenanceDeclarationCstChildren;
}

export type MaintenanceDeclarationCstChildren = {
  Maintenance: IToken[];
  Quoted: IToken[];
  maintenanceScopes?: MaintenanceScopesCstNode[];
  zoneLine?: ZoneLineCstNode[];
  maintenanceEvery?: MaintenanceEveryCstNode[];
  maintenanceFrom?: MaintenanceFromCstNode[];
  End: IToken[];
};

export interface MaintenanceScopesCstNode extends CstNode {
  name: "maintenanceScopes";
  children: MaintenanceScopesCstChildren;
}

export type MaintenanceScopesCstChildren = {
  For: IToken[];
  maintenanceScope: (MaintenanceScopeCstNode)[];
  Comma?: IToken[];
};

export interface MaintenanceScopeCstNode extends CstNode {
  name: "maintenanceScope";
  children: MaintenanceScopeCstChildren;
}

export type MaintenanceScopeCstChildren = {
  Organization?: IToken[];
  Device?: IToken[];
  Source?: IToken[];
  Quoted: (IToken)[];
  Comma?: IToken[];
};

export interface MaintenanceEveryCstNode extends CstNode {
  name: "maintenanceEvery";
  children: MaintenanceEveryCstChildren;
}

export type MaintenanceEveryCstChildren = {
  Every: IToken[];
  days: DaysCstNode[];
  clockRanges: ClockRangesCstNode[];
};

export interface MaintenanceFromCstNode extends CstNode {
  name: "maintenanceFrom";
  children: MaintenanceFromCstChildren;
}

export type MaintenanceFromCstChildren = {
  From: IToken[];
  moment: (MomentCstNode)[];
  To: IToken[];
};

export interface CalloutDeclarationCstNode extends CstNode {
  name: "calloutDeclaration";
  children: CalloutDeclarationCstChildren;
}

export type CalloutDeclarationCstChildren = {
  Inactive?: IToken[];
  Callout: IToken[];
  Quoted: IToken[];
  calloutLine?: CalloutLineCstNode[];
  End: IToken[];
};

export interface CalloutLineCstNode extends CstNode {
  name: "calloutLine";
  children: CalloutLineCstChildren;
}

export type CalloutLineCstChildren = {
  addressLine?: AddressLineCstNode[];
  authLine?: AuthLineCstNode[];
  headerLine?: HeaderLineCstNode[];
  bodyLine?: BodyLineCstNode[];
  onlyWhenLine?: OnlyWhenLineCstNode[];
  retryLine?: RetryLineCstNode[];
  timeoutLine?: TimeoutLineCstNode[];
  successLine?: SuccessLineCstNode[];
  noRetryLine?: NoRetryLineCstNode[];
  honourLine?: HonourLineCstNode[];
  signLine?: SignLineCstNode[];
  pauseLine?: PauseLineCstNode[];
  notifyLine?: NotifyLineCstNode[];
};

export interface AddressLineCstNode extends CstNode {
  name: "addressLine";
  children: AddressLineCstChildren;
}

export type AddressLineCstChildren = {
  Method: IToken[];
  Quoted: IToken[];
};

export interface AuthLineCstNode extends CstNode {
  name: "authLine";
  children: AuthLineCstChildren;
}

export type AuthLineCstChildren = {
  Auth: IToken[];
  None?: IToken[];
  Basic?: IToken[];
  atom?: (AtomCstNode)[];
  Bearer?: IToken[];
  Header?: IToken[];
  Quoted?: IToken[];
};

export interface HeaderLineCstNode extends CstNode {
  name: "headerLine";
  children: HeaderLineCstChildren;
}

export type HeaderLineCstChildren = {
  Header: IToken[];
  Quoted: IToken[];
  expression: ExpressionCstNode[];
};

export interface BodyLineCstNode extends CstNode {
  name: "bodyLine";
  children: BodyLineCstChildren;
}

export type BodyLineCstChildren = {
  Body: IToken[];
  Json?: IToken[];
  Form?: IToken[];
  Xml?: IToken[];
  Quoted?: (IToken)[];
  fieldLine?: FieldLineCstNode[];
  End?: IToken[];
  Text?: IToken[];
};

export interface OnlyWhenLineCstNode extends CstNode {
  name: "onlyWhenLine";
  children: OnlyWhenLineCstChildren;
}

export type OnlyWhenLineCstChildren = {
  Only: IToken[];
  When: IToken[];
  condition: ConditionCstNode[];
};

export interface RetryLineCstNode extends CstNode {
  name: "retryLine";
  children: RetryLineCstChildren;
}

export type RetryLineCstChildren = {
  Retry: IToken[];
  Every: IToken[];
  duration: DurationCstNode[];
  Up?: IToken[];
  To?: IToken[];
  NumberLiteral?: IToken[];
  Times?: IToken[];
  Time?: IToken[];
};

export interface TimeoutLineCstNode extends CstNode {
  name: "timeoutLine";
  children: TimeoutLineCstChildren;
}

export type TimeoutLineCstChildren = {
  Timeout: IToken[];
  duration: DurationCstNode[];
};

export interface SuccessLineCstNode extends CstNode {
  name: "successLine";
  children: SuccessLineCstChildren;
}

export type SuccessLineCstChildren = {
  Success: IToken[];
  Is: IToken[];
  numbers: NumbersCstNode[];
};

export interface NumbersCstNode extends CstNode {
  name: "numbers";
  children: NumbersCstChildren;
}

export type NumbersCstChildren = {
  NumberLiteral?: (IToken)[];
  DecimalComma?: (IToken)[];
  Comma?: IToken[];
};

export interface NoRetryLineCstNode extends CstNode {
  name: "noRetryLine";
  children: NoRetryLineCstChildren;
}

export type NoRetryLineCstChildren = {
  Do: IToken[];
  Not: IToken[];
  Retry: IToken[];
  On: IToken[];
  FourXx: IToken[];
};

export interface HonourLineCstNode extends CstNode {
  name: "honourLine";
  children: HonourLineCstChildren;
}

export type HonourLineCstChildren = {
  Honour: IToken[];
  Retry: IToken[];
  After: IToken[];
};

export interface SignLineCstNode extends CstNode {
  name: "signLine";
  children: SignLineCstChildren;
}

export type SignLineCstChildren = {
  Sign: IToken[];
  With: IToken[];
  atom: (AtomCstNode)[];
  Comma?: IToken[];
};

export interface PauseLineCstNode extends CstNode {
  name: "pauseLine";
  children: PauseLineCstChildren;
}

export type PauseLineCstChildren = {
  Pause: IToken[];
  After: IToken[];
  NumberLiteral: IToken[];
  Failed: IToken[];
  Deliveries: IToken[];
};

export interface NotifyLineCstNode extends CstNode {
  name: "notifyLine";
  children: NotifyLineCstChildren;
}

export type NotifyLineCstChildren = {
  Notify: IToken[];
  texts: TextsCstNode[];
  On: IToken[];
  Failure?: IToken[];
  Every?: IToken[];
  Call?: IToken[];
};

export interface MailboxDeclarationCstNode extends CstNode {
  name: "mailboxDeclaration";
  children: MailboxDeclarationCstChildren;
}

export type MailboxDeclarationCstChildren = {
  Inactive?: IToken[];
  Mailbox: IToken[];
  Quoted: IToken[];
  mailboxLine?: MailboxLineCstNode[];
  End: IToken[];
};

export interface MailboxLineCstNode extends CstNode {
  name: "mailboxLine";
  children: MailboxLineCstChildren;
}

export type MailboxLineCstChildren = {
  tokenLine?: TokenLineCstNode[];
  fallbackLine?: FallbackLineCstNode[];
  duplicatesBlock?: DuplicatesBlockCstNode[];
  mailDefaults?: MailDefaultsCstNode[];
  tagLine?: TagLineCstNode[];
  Trust?: IToken[];
  Sender?: IToken[];
  replyLine?: ReplyLineCstNode[];
};

export interface TokenLineCstNode extends CstNode {
  name: "tokenLine";
  children: TokenLineCstChildren;
}

export type TokenLineCstChildren = {
  Token: IToken[];
  Password: IToken[];
  atom: AtomCstNode[];
};

export interface FallbackLineCstNode extends CstNode {
  name: "fallbackLine";
  children: FallbackLineCstChildren;
}

export type FallbackLineCstChildren = {
  Organization: IToken[];
  Fallback: IToken[];
  Quoted: IToken[];
};

export interface DuplicatesBlockCstNode extends CstNode {
  name: "duplicatesBlock";
  children: DuplicatesBlockCstChildren;
}

export type DuplicatesBlockCstChildren = {
  Duplicates: IToken[];
  By: IToken[];
  duplicateKey: (DuplicateKeyCstNode)[];
  Comma?: IToken[];
  duplicateCase?: DuplicateCaseCstNode[];
  End: IToken[];
};

export interface DuplicateKeyCstNode extends CstNode {
  name: "duplicateKey";
  children: DuplicateKeyCstChildren;
}

export type DuplicateKeyCstChildren = {
  Alert?: IToken[];
  Ticket?: IToken[];
  Id?: IToken[];
  Number?: IToken[];
};

export interface DuplicateCaseCstNode extends CstNode {
  name: "duplicateCase";
  children: DuplicateCaseCstChildren;
}

export type DuplicateCaseCstChildren = {
  Open?: IToken[];
  Complete?: IToken[];
  Arrow: IToken[];
  Add?: IToken[];
  Note?: IToken[];
  Create?: IToken[];
  Ticket?: IToken[];
  Drop?: IToken[];
  Reopen?: IToken[];
  As?: IToken[];
  Quoted?: IToken[];
  Comma?: IToken[];
};

export interface MailDefaultsCstNode extends CstNode {
  name: "mailDefaults";
  children: MailDefaultsCstChildren;
}

export type MailDefaultsCstChildren = {
  Ticket?: IToken[];
  Note?: (IToken)[];
  Time?: (IToken)[];
  Entry?: (IToken)[];
  Project?: IToken[];
  Task?: IToken[];
  dueInLine?: DueInLineCstNode[];
  fieldLine?: FieldLineCstNode[];
  End: IToken[];
};

export interface TagLineCstNode extends CstNode {
  name: "tagLine";
  children: TagLineCstChildren;
}

export type TagLineCstChildren = {
  Tag: IToken[];
  From: IToken[];
  tagSource: (TagSourceCstNode)[];
  Comma?: IToken[];
};

export interface TagSourceCstNode extends CstNode {
  name: "tagSource";
  children: TagSourceCstChildren;
}

export type TagSourceCstChildren = {
  Title?: IToken[];
  Description?: IToken[];
};

export interface ReplyLineCstNode extends CstNode {
  name: "replyLine";
  children: ReplyLineCstChildren;
}

export type ReplyLineCstChildren = {
  Reply: IToken[];
  Success?: IToken[];
  Failure?: IToken[];
  With: IToken[];
  Template: IToken[];
  Quoted: IToken[];
};

export interface TestCstNode extends CstNode {
  name: "test";
  children: TestCstChildren;
}

export type TestCstChildren = {
  Test: IToken[];
  Quoted: IToken[];
  testLine?: TestLineCstNode[];
  End: IToken[];
};

export interface TestLineCstNode extends CstNode {
  name: "testLine";
  children: TestLineCstChildren;
}

export type TestLineCstChildren = {
  zoneLine?: ZoneLineCstNode[];
  given?: GivenCstNode[];
  timedStep?: TimedStepCstNode[];
  step?: StepCstNode[];
  expectation?: ExpectationCstNode[];
};

export interface GivenCstNode extends CstNode {
  name: "given";
  children: GivenCstChildren;
}

export type GivenCstChildren = {
  Given: IToken[];
  givenOrganization?: GivenOrganizationCstNode[];
  givenDevice?: GivenDeviceCstNode[];
  Contact?: IToken[];
  Quoted?: (IToken)[];
  ofOrganization?: OfOrganizationCstNode[];
  Secret?: IToken[];
  Is?: IToken[];
  givenCallout?: GivenCalloutCstNode[];
  givenTicket?: GivenTicketCstNode[];
};

export interface GivenOrganizationCstNode extends CstNode {
  name: "givenOrganization";
  children: GivenOrganizationCstChildren;
}

export type GivenOrganizationCstChildren = {
  Unmapped?: IToken[];
  Organization: IToken[];
  Quoted: IToken[];
  tagsPart?: TagsPartCstNode[];
};

export interface TagsPartCstNode extends CstNode {
  name: "tagsPart";
  children: TagsPartCstChildren;
}

export type TagsPartCstChildren = {
  Tags?: IToken[];
  Tag?: IToken[];
  texts: TextsCstNode[];
};

export interface OfOrganizationCstNode extends CstNode {
  name: "ofOrganization";
  children: OfOrganizationCstChildren;
}

export type OfOrganizationCstChildren = {
  Of: IToken[];
  Quoted: IToken[];
};

export interface GivenDeviceCstNode extends CstNode {
  name: "givenDevice";
  children: GivenDeviceCstChildren;
}

export type GivenDeviceCstChildren = {
  Device: IToken[];
  Quoted: IToken[];
  ofOrganization?: OfOrganizationCstNode[];
  tagsPart?: TagsPartCstNode[];
};

export interface GivenCalloutCstNode extends CstNode {
  name: "givenCallout";
  children: GivenCalloutCstChildren;
}

export type GivenCalloutCstChildren = {
  Callout: IToken[];
  Quoted: IToken[];
  Answers: IToken[];
  answer: (AnswerCstNode)[];
  Comma?: IToken[];
};

export interface AnswerCstNode extends CstNode {
  name: "answer";
  children: AnswerCstChildren;
}

export type AnswerCstChildren = {
  NumberLiteral?: IToken[];
  DecimalComma?: IToken[];
  Timeout?: IToken[];
};

export interface GivenTicketCstNode extends CstNode {
  name: "givenTicket";
  children: GivenTicketCstChildren;
}

export type GivenTicketCstChildren = {
  Ticket: IToken[];
  NumberLiteral: IToken[];
  Created: IToken[];
  At: IToken[];
  moment: MomentCstNode[];
  fieldLine?: FieldLineCstNode[];
  End?: IToken[];
};

export interface TimedStepCstNode extends CstNode {
  name: "timedStep";
  children: TimedStepCstChildren;
}

export type TimedStepCstChildren = {
  At?: IToken[];
  moment?: MomentCstNode[];
  After?: IToken[];
  duration?: DurationCstNode[];
  step?: StepCstNode[];
};

export interface StepCstNode extends CstNode {
  name: "step";
  children: StepCstChildren;
}

export type StepCstChildren = {
  receiveAlert?: ReceiveAlertCstNode[];
  receiveSame?: ReceiveSameCstNode[];
  receiveMail?: ReceiveMailCstNode[];
  setTicket?: SetTicketCstNode[];
  addNoteStep?: AddNoteStepCstNode[];
};

export interface ReceiveAlertCstNode extends CstNode {
  name: "receiveAlert";
  children: ReceiveAlertCstChildren;
}

export type ReceiveAlertCstChildren = {
  Receive: IToken[];
  Alert: IToken[];
  fieldLine?: FieldLineCstNode[];
  End: IToken[];
};

export interface ReceiveSameCstNode extends CstNode {
  name: "receiveSame";
  children: ReceiveSameCstChildren;
}

export type ReceiveSameCstChildren = {
  Receive: IToken[];
  Same: IToken[];
  Alert: IToken[];
  With?: IToken[];
  fieldLines?: FieldLinesCstNode[];
};

export interface FieldLinesCstNode extends CstNode {
  name: "fieldLines";
  children: FieldLinesCstChildren;
}

export type FieldLinesCstChildren = {
  fieldLine: (FieldLineCstNode)[];
};

export interface ReceiveMailCstNode extends CstNode {
  name: "receiveMail";
  children: ReceiveMailCstChildren;
}

export type ReceiveMailCstChildren = {
  Receive: IToken[];
  Mail: IToken[];
  Quoted: IToken[];
};

export interface SetTicketCstNode extends CstNode {
  name: "setTicket";
  children: SetTicketCstChildren;
}

export type SetTicketCstChildren = {
  Set: IToken[];
  Ticket: IToken[];
  NumberLiteral: IToken[];
  fieldLines: FieldLinesCstNode[];
};

export interface AddNoteStepCstNode extends CstNode {
  name: "addNoteStep";
  children: AddNoteStepCstChildren;
}

export type AddNoteStepCstChildren = {
  Add: IToken[];
  Note: IToken[];
  Quoted?: IToken[];
  To: IToken[];
  Ticket: IToken[];
  NumberLiteral: IToken[];
  By?: IToken[];
  Staff?: IToken[];
  Contact?: IToken[];
};

export interface ExpectationCstNode extends CstNode {
  name: "expectation";
  children: ExpectationCstChildren;
}

export type ExpectationCstChildren = {
  Expect: IToken[];
  expectTicket?: ExpectTicketCstNode[];
  expectCount?: ExpectCountCstNode[];
  expectNote?: ExpectNoteCstNode[];
  expectNotify?: ExpectNotifyCstNode[];
  expectCallout?: ExpectCalloutCstNode[];
  expectAlert?: ExpectAlertCstNode[];
  expectRule?: ExpectRuleCstNode[];
  Nothing?: IToken[];
};

export interface ExpectTicketCstNode extends CstNode {
  name: "expectTicket";
  children: ExpectTicketCstChildren;
}

export type ExpectTicketCstChildren = {
  Ticket: IToken[];
  NumberLiteral: IToken[];
  Not?: (IToken)[];
  Created?: IToken[];
  Completed?: IToken[];
  path?: PathCstNode[];
  Is?: IToken[];
  Empty?: IToken[];
  atom?: (AtomCstNode)[];
  Contains?: IToken[];
};

export interface ExpectCountCstNode extends CstNode {
  name: "expectCount";
  children: ExpectCountCstChildren;
}

export type ExpectCountCstChildren = {
  No?: IToken[];
  NumberLiteral?: IToken[];
  Ticket?: IToken[];
  Tickets?: IToken[];
};

export interface ExpectNoteCstNode extends CstNode {
  name: "expectNote";
  children: ExpectNoteCstChildren;
}

export type ExpectNoteCstChildren = {
  No?: IToken[];
  Note: IToken[];
  On: IToken[];
  Ticket: IToken[];
  NumberLiteral: IToken[];
  Containing?: IToken[];
  Quoted?: IToken[];
};

export interface ExpectNotifyCstNode extends CstNode {
  name: "expectNotify";
  children: ExpectNotifyCstChildren;
}

export type ExpectNotifyCstChildren = {
  No?: IToken[];
  Notify: IToken[];
  Quoted: IToken[];
  times?: TimesCstNode[];
};

export interface TimesCstNode extends CstNode {
  name: "times";
  children: TimesCstChildren;
}

export type TimesCstChildren = {
  NumberLiteral: IToken[];
  Times?: IToken[];
  Time?: IToken[];
};

export interface ExpectCalloutCstNode extends CstNode {
  name: "expectCallout";
  children: ExpectCalloutCstChildren;
}

export type ExpectCalloutCstChildren = {
  Callout: IToken[];
  Quoted: IToken[];
  Sent?: (IToken)[];
  times?: TimesCstNode[];
  Succeeded?: IToken[];
  Failed?: IToken[];
  Not?: IToken[];
};

export interface ExpectAlertCstNode extends CstNode {
  name: "expectAlert";
  children: ExpectAlertCstChildren;
}

export type ExpectAlertCstChildren = {
  Alert: IToken[];
  Suppressed?: IToken[];
  Unmatched?: IToken[];
  Held?: IToken[];
  Handled?: IToken[];
  Resolved?: IToken[];
};

export interface ExpectRuleCstNode extends CstNode {
  name: "expectRule";
  children: ExpectRuleCstChildren;
}

export type ExpectRuleCstChildren = {
  Rule: IToken[];
  Quoted: IToken[];
  Not?: IToken[];
  Fired: IToken[];
  Because?: IToken[];
  path?: PathCstNode[];
};

export interface DeclarationCstNode extends CstNode {
  name: "declaration";
  children: DeclarationCstChildren;
}

export type DeclarationCstChildren = {
  rule?: RuleCstNode[];
  test?: TestCstNode[];
  listDeclaration?: ListDeclarationCstNode[];
  lookupDeclaration?: LookupDeclarationCstNode[];
  valuesDeclaration?: ValuesDeclarationCstNode[];
  defineDeclaration?: DefineDeclarationCstNode[];
  calendarDeclaration?: CalendarDeclarationCstNode[];
  categoryDeclaration?: CategoryDeclarationCstNode[];
  recipientDeclaration?: RecipientDeclarationCstNode[];
  templateDeclaration?: TemplateDeclarationCstNode[];
  calloutDeclaration?: CalloutDeclarationCstNode[];
  partnerDeclaration?: PartnerDeclarationCstNode[];
  udfDeclaration?: UdfDeclarationCstNode[];
  mailboxDeclaration?: MailboxDeclarationCstNode[];
  maintenanceDeclaration?: MaintenanceDeclarationCstNode[];
};

export interface ICstNodeVisitor<IN, OUT> extends ICstVisitor<IN, OUT> {
  expression(children: ExpressionCstChildren, param?: IN): OUT;
  atom(children: AtomCstChildren, param?: IN): OUT;
  pathOrLookup(children: PathOrLookupCstChildren, param?: IN): OUT;
  secret(children: SecretCstChildren, param?: IN): OUT;
  path(children: PathCstChildren, param?: IN): OUT;
  list(children: ListCstChildren, param?: IN): OUT;
  durationValue(children: DurationValueCstChildren, param?: IN): OUT;
  duration(children: DurationCstChildren, param?: IN): OUT;
  moment(children: MomentCstChildren, param?: IN): OUT;
  fieldLine(children: FieldLineCstChildren, param?: IN): OUT;
  dueInLine(children: DueInLineCstChildren, param?: IN): OUT;
  dayRange(children: DayRangeCstChildren, param?: IN): OUT;
  days(children: DaysCstChildren, param?: IN): OUT;
  clockRanges(children: ClockRangesCstChildren, param?: IN): OUT;
  clockRange(children: ClockRangeCstChildren, param?: IN): OUT;
  condition(children: ConditionCstChildren, param?: IN): OUT;
  unary(children: UnaryCstChildren, param?: IN): OUT;
  operand(children: OperandCstChildren, param?: IN): OUT;
  group(children: GroupCstChildren, param?: IN): OUT;
  quantified(children: QuantifiedCstChildren, param?: IN): OUT;
  calendarTest(children: CalendarTestCstChildren, param?: IN): OUT;
  count(children: CountCstChildren, param?: IN): OUT;
  per(children: PerCstChildren, param?: IN): OUT;
  tail(children: TailCstChildren, param?: IN): OUT;
  isTail(children: IsTailCstChildren, param?: IN): OUT;
  infinitive(children: InfinitiveCstChildren, param?: IN): OUT;
  operation(children: OperationCstChildren, param?: IN): OUT;
  operator(children: OperatorCstChildren, param?: IN): OUT;
  between(children: BetweenCstChildren, param?: IN): OUT;
  changed(children: ChangedCstChildren, param?: IN): OUT;
  right(children: RightCstChildren, param?: IN): OUT;
  valueGroup(children: ValueGroupCstChildren, param?: IN): OUT;
  foreignTail(children: ForeignTailCstChildren, param?: IN): OUT;
  rule(children: RuleCstChildren, param?: IN): OUT;
  clause(children: ClauseCstChildren, param?: IN): OUT;
  scope(children: ScopeCstChildren, param?: IN): OUT;
  texts(children: TextsCstChildren, param?: IN): OUT;
  whenClause(children: WhenClauseCstChildren, param?: IN): OUT;
  event(children: EventCstChildren, param?: IN): OUT;
  alertEvent(children: AlertEventCstChildren, param?: IN): OUT;
  absenceEvent(children: AbsenceEventCstChildren, param?: IN): OUT;
  ticketEvent(children: TicketEventCstChildren, param?: IN): OUT;
  ticketVerb(children: TicketVerbCstChildren, param?: IN): OUT;
  by(children: ByCstChildren, param?: IN): OUT;
  actor(children: ActorCstChildren, param?: IN): OUT;
  ticketTimeEvent(children: TicketTimeEventCstChildren, param?: IN): OUT;
  entryEvent(children: EntryEventCstChildren, param?: IN): OUT;
  calloutEvent(children: CalloutEventCstChildren, param?: IN): OUT;
  everyEvent(children: EveryEventCstChildren, param?: IN): OUT;
  fieldEvent(children: FieldEventCstChildren, param?: IN): OUT;
  valueList(children: ValueListCstChildren, param?: IN): OUT;
  thenClause(children: ThenClauseCstChildren, param?: IN): OUT;
  action(children: ActionCstChildren, param?: IN): OUT;
  createTicket(children: CreateTicketCstChildren, param?: IN): OUT;
  dedupLine(children: DedupLineCstChildren, param?: IN): OUT;
  dedupPart(children: DedupPartCstChildren, param?: IN): OUT;
  crossed(children: CrossedCstChildren, param?: IN): OUT;
  noDedupLine(children: NoDedupLineCstChildren, param?: IN): OUT;
  onRepeatLine(children: OnRepeatLineCstChildren, param?: IN): OUT;
  oncePerLine(children: OncePerLineCstChildren, param?: IN): OUT;
  addNote(children: AddNoteCstChildren, param?: IN): OUT;
  setField(children: SetFieldCstChildren, param?: IN): OUT;
  completeTicket(children: CompleteTicketCstChildren, param?: IN): OUT;
  changeTag(children: ChangeTagCstChildren, param?: IN): OUT;
  runCallout(children: RunCalloutCstChildren, param?: IN): OUT;
  notify(children: NotifyCstChildren, param?: IN): OUT;
  notifyTarget(children: NotifyTargetCstChildren, param?: IN): OUT;
  suppressAlert(children: SuppressAlertCstChildren, param?: IN): OUT;
  listDeclaration(children: ListDeclarationCstChildren, param?: IN): OUT;
  bareName(children: BareNameCstChildren, param?: IN): OUT;
  lookupDeclaration(children: LookupDeclarationCstChildren, param?: IN): OUT;
  lookupEntry(children: LookupEntryCstChildren, param?: IN): OUT;
  lookupOtherwise(children: LookupOtherwiseCstChildren, param?: IN): OUT;
  valuesDeclaration(children: ValuesDeclarationCstChildren, param?: IN): OUT;
  defineDeclaration(children: DefineDeclarationCstChildren, param?: IN): OUT;
  calendarDeclaration(children: CalendarDeclarationCstChildren, param?: IN): OUT;
  zoneLine(children: ZoneLineCstChildren, param?: IN): OUT;
  hoursLine(children: HoursLineCstChildren, param?: IN): OUT;
  closedLine(children: ClosedLineCstChildren, param?: IN): OUT;
  dateRange(children: DateRangeCstChildren, param?: IN): OUT;
  categoryDeclaration(children: CategoryDeclarationCstChildren, param?: IN): OUT;
  recipientDeclaration(children: RecipientDeclarationCstChildren, param?: IN): OUT;
  recipientLine(children: RecipientLineCstChildren, param?: IN): OUT;
  templateDeclaration(children: TemplateDeclarationCstChildren, param?: IN): OUT;
  templateLine(children: TemplateLineCstChildren, param?: IN): OUT;
  partnerDeclaration(children: PartnerDeclarationCstChildren, param?: IN): OUT;
  udfDeclaration(children: UdfDeclarationCstChildren, param?: IN): OUT;
  maintenanceDeclaration(children: MaintenanceDeclarationCstChildren, param?: IN): OUT;
  maintenanceScopes(children: MaintenanceScopesCstChildren, param?: IN): OUT;
  maintenanceScope(children: MaintenanceScopeCstChildren, param?: IN): OUT;
  maintenanceEvery(children: MaintenanceEveryCstChildren, param?: IN): OUT;
  maintenanceFrom(children: MaintenanceFromCstChildren, param?: IN): OUT;
  calloutDeclaration(children: CalloutDeclarationCstChildren, param?: IN): OUT;
  calloutLine(children: CalloutLineCstChildren, param?: IN): OUT;
  addressLine(children: AddressLineCstChildren, param?: IN): OUT;
  authLine(children: AuthLineCstChildren, param?: IN): OUT;
  headerLine(children: HeaderLineCstChildren, param?: IN): OUT;
  bodyLine(children: BodyLineCstChildren, param?: IN): OUT;
  onlyWhenLine(children: OnlyWhenLineCstChildren, param?: IN): OUT;
  retryLine(children: RetryLineCstChildren, param?: IN): OUT;
  timeoutLine(children: TimeoutLineCstChildren, param?: IN): OUT;
  successLine(children: SuccessLineCstChildren, param?: IN): OUT;
  numbers(children: NumbersCstChildren, param?: IN): OUT;
  noRetryLine(children: NoRetryLineCstChildren, param?: IN): OUT;
  honourLine(children: HonourLineCstChildren, param?: IN): OUT;
  signLine(children: SignLineCstChildren, param?: IN): OUT;
  pauseLine(children: PauseLineCstChildren, param?: IN): OUT;
  notifyLine(children: NotifyLineCstChildren, param?: IN): OUT;
  mailboxDeclaration(children: MailboxDeclarationCstChildren, param?: IN): OUT;
  mailboxLine(children: MailboxLineCstChildren, param?: IN): OUT;
  tokenLine(children: TokenLineCstChildren, param?: IN): OUT;
  fallbackLine(children: FallbackLineCstChildren, param?: IN): OUT;
  duplicatesBlock(children: DuplicatesBlockCstChildren, param?: IN): OUT;
  duplicateKey(children: DuplicateKeyCstChildren, param?: IN): OUT;
  duplicateCase(children: DuplicateCaseCstChildren, param?: IN): OUT;
  mailDefaults(children: MailDefaultsCstChildren, param?: IN): OUT;
  tagLine(children: TagLineCstChildren, param?: IN): OUT;
  tagSource(children: TagSourceCstChildren, param?: IN): OUT;
  replyLine(children: ReplyLineCstChildren, param?: IN): OUT;
  test(children: TestCstChildren, param?: IN): OUT;
  testLine(children: TestLineCstChildren, param?: IN): OUT;
  given(children: GivenCstChildren, param?: IN): OUT;
  givenOrganization(children: GivenOrganizationCstChildren, param?: IN): OUT;
  tagsPart(children: TagsPartCstChildren, param?: IN): OUT;
  ofOrganization(children: OfOrganizationCstChildren, param?: IN): OUT;
  givenDevice(children: GivenDeviceCstChildren, param?: IN): OUT;
  givenCallout(children: GivenCalloutCstChildren, param?: IN): OUT;
  answer(children: AnswerCstChildren, param?: IN): OUT;
  givenTicket(children: GivenTicketCstChildren, param?: IN): OUT;
  timedStep(children: TimedStepCstChildren, param?: IN): OUT;
  step(children: StepCstChildren, param?: IN): OUT;
  receiveAlert(children: ReceiveAlertCstChildren, param?: IN): OUT;
  receiveSame(children: ReceiveSameCstChildren, param?: IN): OUT;
  fieldLines(children: FieldLinesCstChildren, param?: IN): OUT;
  receiveMail(children: ReceiveMailCstChildren, param?: IN): OUT;
  setTicket(children: SetTicketCstChildren, param?: IN): OUT;
  addNoteStep(children: AddNoteStepCstChildren, param?: IN): OUT;
  expectation(children: ExpectationCstChildren, param?: IN): OUT;
  expectTicket(children: ExpectTicketCstChildren, param?: IN): OUT;
  expectCount(children: ExpectCountCstChildren, param?: IN): OUT;
  expectNote(children: ExpectNoteCstChildren, param?: IN): OUT;
  expectNotify(children: ExpectNotifyCstChildren, param?: IN): OUT;
  times(children: TimesCstChildren, param?: IN): OUT;
  expectCallout(children: ExpectCalloutCstChildren, param?: IN): OUT;
  expectAlert(children: ExpectAlertCstChildren, param?: IN): OUT;
  expectRule(children: ExpectRuleCstChildren, param?: IN): OUT;
  declaration(children: DeclarationCstChildren, param?: IN): OUT;
}
