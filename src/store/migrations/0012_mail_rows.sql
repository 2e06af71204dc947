-- compatible since: 9
-- What a mail costs to store and to decide: two indexes that others cover go, and a message of up to a page stays in its row
-- instead of in three pieces with an index entry each (the messages of monitoring products are a few KiB).

create unique index mails_message_mailbox on mails (message_key, mailbox);
-- By message alone: `In-Reply-To` and `References` look in all mailboxes.
drop index mails_message;
alter table mails drop constraint mails_mailbox_message_key_key;
-- `mails_state` begins with the same rows in the same order.
drop index mails_waiting;

alter table mail_raw set (toast_tuple_target = 8160);
