/** The door for mail: SMTP in, a MailReceiver behind. Knows no database and not how mail is decided. */
export {
  createSmtpDoor,
  type SmtpCounters,
  type SmtpDoor,
  type SmtpDoorParts,
  type SmtpSettings,
} from "./smtp-door.ts";
export { readCertificate } from "./certificate.ts";
