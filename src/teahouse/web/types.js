/**
 * The shapes that the page's modules pass to each other, as JSDoc types; nothing here runs. Wire shapes follow
 * docs/protocol.md.
 *
 * @typedef {{id: number, name: string, face: string, role?: string}} User
 * @typedef {'mention'|'always'|'never'} RobotMode
 * @typedef {{id: number, kind: 'public'|'private'|'direct', name?: string, topic?: string, peer?: User,
 *   robot?: RobotMode}} Room
 * @typedef {{room: Room, role: string, since: number, head: number, read: number, unread: number,
 *   mentioned?: number}} Standing
 * @typedef {{seq: number, by?: User, text?: string}} Quote
 * @typedef {{emoji: string, users: User[], more?: number}} Reaction   `more` gave it than are named; whoever reads is named if they did
 * @typedef {{seq: number, at: number, by: User, text: string, reply_to?: Quote, edited?: boolean, removed?: boolean,
 *   reactions?: Reaction[], client_id?: string, mentions?: number[]}} Message
 * @typedef {{log: number, seq: number, at: number, by: User, fact: any, client_id?: string}} Entry
 * @typedef {{room: number, messages: Message[], head: number, more_before: boolean, more_after: boolean, notices?: Entry[]}} Page
 *
 * Results of commands, and of GET /api/v1/house:
 * @typedef {{room: number, seq: number, at: number}} Stored
 * @typedef {{user: User, role: string, here: boolean}} Member
 * @typedef {{room: number, members: Member[], count: number, here: number}} Members
 * @typedef {{room: Room, members: number, joined: boolean}} FoundRoom
 * @typedef {{room: number, message: Message, marks: [number, number][]}} Found   `marks` count Unicode characters
 * @typedef {{found: Found[], before?: number, more?: boolean}} FoundMessages
 * @typedef {{id: number, name: string, scope: 'read'|'write', at: number, expires_at: number, used_at?: number, rooms?: number[]}} Token
 * @typedef {{max_text_bytes: number, max_name_chars: number, max_topic_chars: number}} Limits
 * @typedef {{name: string, open: boolean, languages: string[], faces: string[], limits: Limits, signed_in: boolean, you?: User,
 *   closed?: boolean, banned?: string, ban?: ShutOut}} House   `closed` to newcomers; `banned`: why and until when this browser is shut out
 * @typedef {{id: number, by: User, at: number, user?: User, network?: string, until?: number, reason?: string}} Ban
 * @typedef {{id: number, by: User, at: number, until: number, used: number, max_uses?: number, note?: string, at_start?: boolean}} Invite
 * @typedef {{user: User, sessions: number, address?: string, seen_at?: number, ban?: Ban}} Person
 *
 * @typedef {{client_id: string, room: number, text: string, reply_to?: number, at: number,
 *   state: 'queued'|'sent'|'failed', words?: string, code?: string}} OutboxItem
 *   One unsent message. It is in IndexedDB before it is drawn, and gone once its entry came (or its `ok`, where the entry
 *   is not awaited). A failed one says why: `code` of docs/protocol.md and the server's words.
 *
 * @typedef {{by: User, client_id: string, asker: number, part: number, text: string, reply_to?: number, until: number}} GrowingReply
 *   What a slow speaker said so far; `until` in Unix ms is when it is over, should nothing more be heard of it.
 *
 * @typedef {Object} RoomState
 * @property {Room} room
 * @property {string} role
 * @property {number} since
 * @property {number} head      last seq known of the log
 * @property {number} read      my read mark
 * @property {number} unread
 * @property {boolean} mention  an unread message names me
 * @property {boolean} loaded   a page was loaded
 * @property {Message[]} messages  rising by seq, one contiguous window of the room
 * @property {Entry[]} notices     created/joined/left/renamed/robot_set entries of that window, rising by seq
 * @property {boolean} moreBefore
 * @property {boolean} moreAfter   the window does not reach the room's end (someone jumped to old messages)
 * @property {Record<number, {user: User, until: number}>} typing  by user id; `until` in Unix ms
 * @property {Record<string, GrowingReply>} replies   by the client_id that their message will carry
 * @property {number} hereCount
 * @property {Record<number, User>} here   by user id; may be incomplete in big rooms
 *
 * The fold's own book-keeping in a RoomState, of no use to views:
 * @property {Entry[]} recent      the log's last entries, without holes up to the cursor; they bring up to date what was read
 *   before them
 * @property {number} upTo         the window knows every entry up to here; below, a `posted` of the stream is no news to it
 * @property {{from: number, to: number, head: number}[]} ahead  messages that were read further on than the stream has come: from it
 *   they take no reaction up to `head`
 * @property {number} countedTo    `unread` came from the server for the log up to here; only messages after it are counted on top
 * @property {number[]} others     seqs of messages by others counted on top, rising
 * @property {{seq: number, message: number}[]} gone  by which entries messages of others were removed since that count, rising
 * @property {number[]} named      seqs of unread messages that are known to name me
 *
 * @typedef {Object} State
 * @property {'loading'|'signed_out'|'in'} phase
 * @property {User|null} you
 * @property {string} epoch
 * @property {number} since   when you first came in, Unix ms; with your id it names you in every life of the database
 * @property {number} life    grows when the server says that what was held here is of another life of its database
 * @property {number} inbox
 * @property {number} lobby
 * @property {Limits} limits
 * @property {Record<number, number>} cursors   seen seq per log
 * @property {Record<number, RoomState>} rooms
 * @property {number} gap   the log whose next entry did not come next: reconnect; 0 for none
 *
 * @typedef {{room: RoomState, why: 'put_out'|'left'|'gone', by?: User}} Gone
 *   The room that was open and went without the person's doing: somebody put them out, they left at another device, or it is
 *   simply not there. `room` has its name, and nothing of what was said in it.
 *
 * @typedef {{until?: number, reason?: string, network?: boolean}} ShutOut   what a ban says to whom it holds for
 * @typedef {{why: string, words: string, ban?: ShutOut, you: User, since: number, lobby: number, rooms: Room[], unsent: OutboxItem[]}} Ended
 *   A session that ended without the person's doing: a code and the server's words, who they were, the rooms that may hold a draft, what was not sent yet.
 *
 * @typedef {Object} Link   the state of the connection, for words in the page
 * @property {'connecting'|'open'|'waiting'|'offline'|'ended'} status
 * @property {number} retryAt   Unix ms of the next try, when waiting
 * @property {import('./transports/roads.js').Transport} transport
 * @property {import('./transports/roads.js').Detour} detour   why it is not the WebSocket
 * @property {string} why       last cause in a few words or a code, '' when open
 */

/**
 * A signal of @preact/signals-core, as far as the page uses it.
 *
 * @template T
 * @typedef {{value: T, peek(): T, subscribe(listener: (value: T) => void): () => void}} Signal
 */
export {};
