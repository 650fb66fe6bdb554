// What an app sends: blocks, and the views and attachments around them. AnyBlock, which Slack's types put into
// views and attachments, lets a block of any type pass; KnownBlock does not.
import type { HomeView, KnownBlock, MessageAttachment, ModalView } from "@slack/types";

export type Blocks = KnownBlock[];
export interface Payloads { blocks: Blocks; home: Home; modal: Modal; attachment: Attachment }
export type Home = Omit<HomeView, "blocks"> & { blocks: KnownBlock[] };
export type Modal = Omit<ModalView, "blocks"> & { blocks: KnownBlock[] };
export type Attachment = Omit<MessageAttachment, "blocks"> & { blocks?: KnownBlock[] };
