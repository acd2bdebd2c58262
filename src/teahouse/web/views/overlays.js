/** Which layer is open, if one is. Opening a second one replaces the first. */
import { html } from '../html.js';
import { useHouse } from '../ui.js';
import { AddPeople } from './add_people.js';
import { Ban, BanNetwork } from './ban.js';
import { Clear } from './clear.js';
import { Confirm } from './confirm.js';
import { CreateRoom } from './create_room.js';
import { EmojiPicker } from './emoji_picker.js';
import { FindRooms } from './find_rooms.js';
import { Keeping } from './keeping.js';
import { Menu } from './menu.js';
import { MessageMenu } from './message_menu.js';
import { NewInvite } from './new_invite.js';
import { PeopleSheet } from './people.js';
import { Profile } from './profile.js';
import { Programs } from './programs.js';
import { RoomCard } from './room_card.js';
import { Search } from './search.js';

/** @type {Record<string, (props: any) => any>} */
const KINDS = {
  add: AddPeople,
  ban: Ban,
  banNetwork: BanNetwork,
  clear: Clear,
  confirm: Confirm,
  create: CreateRoom,
  emoji: EmojiPicker,
  find: FindRooms,
  keeping: Keeping,
  menu: Menu,
  message: MessageMenu,
  newInvite: NewInvite,
  people: PeopleSheet,
  profile: Profile,
  programs: Programs,
  room: RoomCard,
  search: Search,
};

let opened = 0;
/** @type {unknown} */
let last = null;

/** The key makes each opening a new component, also of the same kind: its focus and place begin anew. */
export function OverlayHost() {
  const { ui } = useHouse();
  const { value: overlay } = ui.overlay;
  if (overlay !== last) opened += 1;
  last = overlay;
  return overlay && html`<${KINDS[overlay.type]} key=${opened} ...${overlay} onClose=${ui.close} />`;
}
