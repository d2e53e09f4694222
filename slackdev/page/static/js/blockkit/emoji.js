// Emoji short names that bots use most, as Slack spells them. A name that is
// not here is shown as it was written, :like_this:, so that it can be noticed.

const TABLE = `
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|ok_hand 👌|wave 👋|raised_hands 🙌|clap 👏|pray 🙏|muscle 💪|point_right 👉|point_left 👈
point_up ☝️|point_up_2 👆|point_down 👇|raised_hand ✋|hand ✋|fist ✊|v ✌️|crossed_fingers 🤞|handshake 🤝|writing_hand ✍️|eyes 👀|brain 🧠
smile 😄|smiley 😃|grinning 😀|grin 😁|joy 😂|rofl 🤣|slightly_smiling_face 🙂|upside_down_face 🙃|wink 😉|blush 😊|innocent 😇|heart_eyes 😍
thinking_face 🤔|neutral_face 😐|expressionless 😑|no_mouth 😶|smirk 😏|unamused 😒|rolling_eyes 🙄|grimacing 😬|relieved 😌|pensive 😔|sleepy 😪
sleeping 😴|mask 😷|nerd_face 🤓|sunglasses 😎|confused 😕|worried 😟|slightly_frowning_face 🙁|open_mouth 😮|hushed 😯|astonished 😲|flushed 😳
cry 😢|sob 😭|scream 😱|disappointed 😞|sweat 😓|sweat_smile 😅|weary 😩|tired_face 😫|triumph 😤|rage 😡|angry 😠|skull 💀|ghost 👻
robot_face 🤖|see_no_evil 🙈|hear_no_evil 🙉|speak_no_evil 🙊|shrug 🤷|facepalm 🤦|man-shrugging 🤷‍♂️|woman-shrugging 🤷‍♀️|saluting_face 🫡|partying_face 🥳|zany_face 🤪|hugging_face 🤗
heart ❤️|yellow_heart 💛|green_heart 💚|blue_heart 💙|purple_heart 💜|broken_heart 💔|sparkling_heart 💖|100 💯|boom 💥|collision 💥|dizzy 💫|sweat_drops 💦|dash 💨|zzz 💤
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|negative_squared_cross_mark ❎|heavy_multiplication_x ✖️|heavy_plus_sign ➕|heavy_minus_sign ➖
exclamation ❗|heavy_exclamation_mark ❗|question ❓|grey_question ❔|grey_exclamation ❕|bangbang ‼️|interrobang ⁉️|warning ⚠️|no_entry ⛔|no_entry_sign 🚫|octagonal_sign 🛑|stop_sign 🛑
red_circle 🔴|large_orange_circle 🟠|large_yellow_circle 🟡|large_green_circle 🟢|large_blue_circle 🔵|blue_circle 🔵|large_purple_circle 🟣|large_brown_circle 🟤|black_circle ⚫|white_circle ⚪
large_red_square 🟥|large_orange_square 🟧|large_yellow_square 🟨|large_green_square 🟩|large_blue_square 🟦|large_purple_square 🟪|white_large_square ⬜|black_large_square ⬛
white_medium_square ◻️|black_medium_square ◼️|white_small_square ▫️|black_small_square ▪️|small_blue_diamond 🔹|small_orange_diamond 🔸|large_blue_diamond 🔷|large_orange_diamond 🔶
small_red_triangle 🔺|small_red_triangle_down 🔻|radio_button 🔘|arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrow_upper_right ↗️|arrow_lower_right ↘️|arrow_forward ▶️|arrow_backward ◀️
fast_forward ⏩|rewind ⏪|arrows_counterclockwise 🔄|arrows_clockwise 🔃|repeat 🔁|leftwards_arrow_with_hook ↩️|arrow_right_hook ↪️|twisted_rightwards_arrows 🔀|new 🆕|up 🆙|ok 🆗|free 🆓|cool 🆒|sos 🆘|id 🆔
information_source ℹ️|recycle ♻️|infinity ♾️|link 🔗|paperclip 📎|pushpin 📌|round_pushpin 📍|scissors ✂️|lock 🔒|unlock 🔓|key 🔑|closed_lock_with_key 🔐|old_key 🗝️|shield 🛡️|bell 🔔|no_bell 🔕
mega 📣|loudspeaker 📢|speech_balloon 💬|thought_balloon 💭|left_speech_bubble 🗨️|mag 🔍|mag_right 🔎|bulb 💡|flashlight 🔦|wrench 🔧|hammer 🔨|hammer_and_wrench 🛠️|gear ⚙️|nut_and_bolt 🔩|toolbox 🧰|magnet 🧲
computer 💻|desktop_computer 🖥️|keyboard ⌨️|floppy_disk 💾|cd 💿|dvd 📀|iphone 📱|phone ☎️|telephone_receiver 📞|satellite_antenna 📡|battery 🔋|electric_plug 🔌|camera 📷|movie_camera 🎥|tv 📺
package 📦|inbox_tray 📥|outbox_tray 📤|incoming_envelope 📨|envelope ✉️|email 📧|e-mail 📧|mailbox 📫|memo 📝|pencil 📝|pencil2 ✏️|clipboard 📋|page_facing_up 📄|page_with_curl 📃|bookmark_tabs 📑|newspaper 📰
book 📖|books 📚|notebook 📓|ledger 📒|bookmark 🔖|label 🏷️|file_folder 📁|open_file_folder 📂|card_index_dividers 🗂️|card_file_box 🗃️|file_cabinet 🗄️|wastebasket 🗑️|bar_chart 📊|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|chart 💹
calendar 📆|date 📅|spiral_calendar_pad 🗓️|spiral_calendar 🗓️|hourglass ⌛|hourglass_flowing_sand ⏳|watch ⌚|alarm_clock ⏰|stopwatch ⏱️|timer_clock ⏲️|clock1 🕐|clock3 🕒|clock6 🕕|clock9 🕘|clock12 🕛
double_vertical_bar ⏸️|black_square_for_stop ⏹️|pause_button ⏸️|stop_button ⏹️|checkered_flag 🏁|triangular_flag_on_post 🚩|white_flag 🏳️|rainbow-flag 🏳️‍🌈|crossed_flags 🎌|tada 🎉|confetti_ball 🎊|balloon 🎈|gift 🎁|trophy 🏆|medal 🏅|first_place_medal 🥇|second_place_medal 🥈|third_place_medal 🥉
star ⭐|star2 🌟|sparkles ✨|fire 🔥|zap ⚡|rainbow 🌈|sunny ☀️|sun_with_face 🌞|partly_sunny ⛅|cloud ☁️|rain_cloud 🌧️|thunder_cloud_and_rain ⛈️|snowflake ❄️|umbrella ☔|ocean 🌊|droplet 💧|earth_africa 🌍|earth_americas 🌎|earth_asia 🌏|globe_with_meridians 🌐
rocket 🚀|airplane ✈️|helicopter 🚁|car 🚗|truck 🚚|bus 🚌|train 🚋|ship 🚢|anchor ⚓|construction 🚧|building_construction 🏗️|factory 🏭|office 🏢|house 🏠|bank 🏦|hospital 🏥|rotating_light 🚨|traffic_light 🚥|vertical_traffic_light 🚦|fuelpump ⛽
seedling 🌱|evergreen_tree 🌲|deciduous_tree 🌳|palm_tree 🌴|herb 🌿|four_leaf_clover 🍀|maple_leaf 🍁|sunflower 🌻|rose 🌹|cherry_blossom 🌸|bug 🐛|ant 🐜|bee 🐝|turtle 🐢|snail 🐌|snake 🐍|octopus 🐙|whale 🐳|whale2 🐋|penguin 🐧
cat 🐱|dog 🐶|fox_face 🦊|bear 🐻|panda_face 🐼|monkey_face 🐵|unicorn_face 🦄|dragon 🐉|owl 🦉|hatching_chick 🐣|coffee ☕|tea 🍵|beer 🍺|beers 🍻|wine_glass 🍷|champagne 🍾|pizza 🍕|hamburger 🍔|cake 🍰|birthday 🎂|cookie 🍪|doughnut 🍩|apple 🍎|banana 🍌|avocado 🥑|popcorn 🍿|salt 🧂
moneybag 💰|dollar 💵|euro 💶|credit_card 💳|receipt 🧾|gem 💎|scales ⚖️|balance_scale ⚖️|microscope 🔬|telescope 🔭|test_tube 🧪|alembic ⚗️|dna 🧬|pill 💊|syringe 💉|adhesive_bandage 🩹|thermometer 🌡️|fire_extinguisher 🧯|ambulance 🚑|fire_engine 🚒|police_car 🚓
art 🎨|musical_note 🎵|headphones 🎧|microphone 🎤|guitar 🎸|dart 🎯|game_die 🎲|jigsaw 🧩|video_game 🎮|soccer ⚽|basketball 🏀|bowling 🎳|crystal_ball 🔮|magic_wand 🪄|top 🔝|back 🔙|soon 🔜|end 🔚|on 🔛
bust_in_silhouette 👤|busts_in_silhouette 👥|technologist 🧑‍💻|male-technologist 👨‍💻|female-technologist 👩‍💻|construction_worker 👷|detective 🕵️|guardsman 💂|ninja 🥷|mage 🧙|santa 🎅|crown 👑|tophat 🎩|necktie 👔|dress 👗|eyeglasses 👓|briefcase 💼|school_satchel 🎒|ticket 🎫|admission_tickets 🎟️
one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|zero 0️⃣|keycap_ten 🔟|hash #️⃣|asterisk *️⃣|a 🅰️|b 🅱️|o ⭕|m Ⓜ️|tm ™️|copyright ©️|registered ®️
us 🇺🇸|gb 🇬🇧|uk 🇬🇧|de 🇩🇪|flag-de 🇩🇪|fr 🇫🇷|flag-fr 🇫🇷|es 🇪🇸|it 🇮🇹|jp 🇯🇵|cn 🇨🇳|kr 🇰🇷|ru 🇷🇺|flag-nl 🇳🇱|flag-in 🇮🇳|flag-br 🇧🇷|flag-il 🇮🇱|flag-us 🇺🇸|flag-gb 🇬🇧
`;

const EMOJI = new Map(
  TABLE.trim()
    .split(/[|\n]/)
    .map((pair) => {
      const space = pair.indexOf(' ');
      return [pair.slice(0, space), pair.slice(space + 1)];
    }),
);

const SKIN = { 2: '🏻', 3: '🏼', 4: '🏽', 5: '🏾', 6: '🏿' };

/** The character for a short name, optionally with a skin tone 2 to 6; undefined for an unknown name. */
export function emoji(name, skinTone) {
  const found = EMOJI.get(name);
  return found && SKIN[skinTone] ? found.replace('\uFE0F', '') + SKIN[skinTone] : found;
}

/** Short names that begin with `start`, for completion while typing. */
export function emojiNames(start, limit) {
  const found = [];
  for (const [name, character] of EMOJI) {
    if (name.startsWith(start)) found.push({ name, character });
    if (found.length === limit) break;
  }
  return found;
}
