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
relaxed ☺️|yum 😋|stuck_out_tongue 😛|stuck_out_tongue_winking_eye 😜|kissing_heart 😘|star-struck 🤩|smiling_face_with_3_hearts 🥰|face_with_monocle 🧐|face_with_raised_eyebrow 🤨|shushing_face 🤫|zipper_mouth_face 🤐|money_mouth_face 🤑|face_with_rolling_eyes 🙄
lying_face 🤥|drooling_face 🤤|sneezing_face 🤧|nauseated_face 🤢|face_vomiting 🤮|exploding_head 🤯|face_with_cowboy_hat 🤠|disguised_face 🥸|clown_face 🤡|face_holding_back_tears 🥹|melting_face 🫠|face_with_peeking_eye 🫣|fearful 😨|cold_sweat 😰|anguished 😧|frowning 😦|persevere 😣|confounded 😖
disappointed_relieved 😥|pleading_face 🥺|cold_face 🥶|hot_face 🥵|woozy_face 🥴|dizzy_face 😵|smiling_imp 😈|imp 👿|skull_and_crossbones ☠️|poop 💩|hankey 💩|alien 👽|space_invader 👾|jack_o_lantern 🎃|smiley_cat 😺|heart_eyes_cat 😻
call_me_hand 🤙|the_horns 🤘|i_love_you_hand_sign 🤟|spock-hand 🖖|pinching_hand 🤏|pinched_fingers 🤌|palms_up_together 🤲|open_hands 👐|heart_hands 🫶|right-facing_fist 🤜|left-facing_fist 🤛|facepunch 👊|punch 👊|raised_back_of_hand 🤚|middle_finger 🖕|nail_care 💅|selfie 🤳|ear 👂|nose 👃|lips 👄|tongue 👅|bone 🦴
orange_heart 🧡|black_heart 🖤|white_heart 🤍|brown_heart 🤎|two_hearts 💕|heartbeat 💓|heartpulse 💗|cupid 💘|gift_heart 💝|heavy_heart_exclamation_mark_ornament ❣️|kiss 💋|speech_left 🗨️|right_anger_bubble 🗯️|anger 💢|bomb 💣|hole 🕳️
man 👨|woman 👩|boy 👦|girl 👧|baby 👶|older_man 👴|older_woman 👵|adult 🧑|cop 👮|raising_hand 🙋|man-raising-hand 🙋‍♂️|woman-raising-hand 🙋‍♀️|bow 🙇|man-bowing 🙇‍♂️|man-facepalming 🤦‍♂️|woman-facepalming 🤦‍♀️|no_good 🙅|ok_woman 🙆|information_desk_person 💁|runner 🏃|walking 🚶|dancer 💃|man_dancing 🕺
firefighter 🧑‍🚒|scientist 🧑‍🔬|astronaut 🧑‍🚀|female-astronaut 👩‍🚀|student 🧑‍🎓|teacher 🧑‍🏫|office_worker 🧑‍💼|superhero 🦸|zombie 🧟|vampire 🧛|elf 🧝|genie 🧞|bath 🛀|family 👪|handball 🤾|weight_lifter 🏋️|person_climbing 🧗|mountain_bicyclist 🚵|surfer 🏄|swimmer 🏊|snowboarder 🏂
wolf 🐺|lion_face 🦁|tiger 🐯|horse 🐴|cow 🐮|pig 🐷|frog 🐸|hamster 🐹|rabbit 🐰|mouse 🐭|koala 🐨|chicken 🐔|rooster 🐓|bird 🐦|eagle 🦅|duck 🦆|bat 🦇|butterfly 🦋|ladybug 🐞|beetle 🪲|spider 🕷️|scorpion 🦂|crab 🦀|shrimp 🦐|squid 🦑|fish 🐟|tropical_fish 🐠|shark 🦈|dolphin 🐬|crocodile 🐊
elephant 🐘|camel 🐫|sloth 🦥|otter 🦦|hedgehog 🦔|raccoon 🦝|goat 🐐|sheep 🐑|llama 🦙|giraffe_face 🦒|kangaroo 🦘|t-rex 🦖|sauropod 🦕|paw_prints 🐾|feet 🐾|cactus 🌵|tulip 🌷|hibiscus 🌺|bouquet 💐|mushroom 🍄|fallen_leaf 🍂|leaves 🍃|christmas_tree 🎄|chestnut 🌰|ear_of_rice 🌾
full_moon 🌕|new_moon 🌑|crescent_moon 🌙|waning_gibbous_moon 🌖|sun_behind_cloud 🌥️|mostly_sunny 🌤️|lightning 🌩️|tornado 🌪️|fog 🌫️|wind_blowing_face 🌬️|cyclone 🌀|snowman ⛄|comet ☄️|milky_way 🌌|sunrise 🌅|volcano 🌋|mountain ⛰️|snow_capped_mountain 🏔️|camping 🏕️|beach_with_umbrella 🏖️|desert 🏜️|world_map 🗺️|compass 🧭
green_apple 🍏|pear 🍐|tangerine 🍊|lemon 🍋|watermelon 🍉|grapes 🍇|strawberry 🍓|blueberries 🫐|cherries 🍒|peach 🍑|mango 🥭|pineapple 🍍|coconut 🥥|kiwifruit 🥝|tomato 🍅|eggplant 🍆|broccoli 🥦|carrot 🥕|corn 🌽|hot_pepper 🌶️|potato 🥔|garlic 🧄|onion 🧅|bread 🍞|croissant 🥐|bagel 🥯|pancakes 🥞|cheese_wedge 🧀|egg 🥚
bacon 🥓|fries 🍟|hotdog 🌭|sandwich 🥪|taco 🌮|burrito 🌯|green_salad 🥗|stew 🍲|ramen 🍜|spaghetti 🍝|sushi 🍣|bento 🍱|curry 🍛|rice 🍚|dumpling 🥟|fortune_cookie 🥠|icecream 🍦|ice_cream 🍨|pie 🥧|chocolate_bar 🍫|candy 🍬|lollipop 🍭|honey_pot 🍯|milk_glass 🥛|cocktail 🍸|tropical_drink 🍹|clinking_glasses 🥂|cup_with_straw 🥤|chopsticks 🥢|fork_and_knife 🍴|knife_fork_plate 🍽️
football 🏈|baseball ⚾|tennis 🎾|volleyball 🏐|rugby_football 🏉|golf ⛳|ping_pong 🏓|badminton_racquet_and_shuttlecock 🏸|ice_hockey_stick_and_puck 🏒|ski 🎿|sled 🛷|boxing_glove 🥊|martial_arts_uniform 🥋|chess_pawn ♟️|slot_machine 🎰|performing_arts 🎭|clapper 🎬|saxophone 🎷|trumpet 🎺|violin 🎻|drum_with_drumsticks 🥁|musical_keyboard 🎹|notes 🎶|sports_medal 🏅|ribbon 🎀|piñata 🪅|fireworks 🎆|sparkler 🎇
bike 🚲|scooter 🛴|motor_scooter 🛵|racing_car 🏎️|taxi 🚕|tractor 🚜|railway_car 🚃|bullettrain_side 🚄|metro 🚇|tram 🚊|station 🚉|airplane_departure 🛫|airplane_arriving 🛬|small_airplane 🛩️|satellite 🛰️|flying_saucer 🛸|boat ⛵|speedboat 🚤|ferry ⛴️|parachute 🪂|oil_drum 🛢️|busstop 🚏|railway_track 🛤️|motorway 🛣️|bridge_at_night 🌉|tent ⛺|stadium 🏟️|classical_building 🏛️|european_castle 🏰|school 🏫|hotel 🏨|convenience_store 🏪|statue_of_liberty 🗽
printer 🖨️|three_button_mouse 🖱️|trackball 🖲️|joystick 🕹️|minidisc 💽|vhs 📼|video_camera 📹|projector 📽️|film_frames 🎞️|fax 📠|pager 📟|radio 📻|studio_microphone 🎙️|control_knobs 🎛️|level_slider 🎚️|low_battery 🪫|candle 🕯️|bricks 🧱|chains ⛓️|hook 🪝|axe 🪓|pick ⛏️|carpentry_saw 🪚|screwdriver 🪛|ladder 🪜|bucket 🪣|broom 🧹|basket 🧺|soap 🧼|sponge 🧽|door 🚪|couch_and_lamp 🛋️|bed 🛏️|shower 🚿|toilet 🚽|shopping_trolley 🛒|shopping_bags 🛍️
money_with_wings 💸|yen 💴|pound 💷|coin 🪙|page 📄|scroll 📜|closed_book 📕|green_book 📗|blue_book 📘|orange_book 📙|notebook_with_decorative_cover 📔|spiral_note_pad 🗒️|card_index 📇|triangular_ruler 📐|straight_ruler 📏|lower_left_fountain_pen 🖋️|lower_left_ballpoint_pen 🖊️|lower_left_paintbrush 🖌️|lower_left_crayon 🖍️|linked_paperclips 🖇️|lock_with_ink_pen 🔏|ballot_box_with_ballot 🗳️|mailbox_with_mail 📬|postbox 📮|love_letter 💌|envelope_with_arrow 📩|rolled_up_newspaper 🗞️
heavy_division_sign ➗|wavy_dash 〰️|curly_loop ➰|part_alternation_mark 〽️|trident 🔱|beginner 🔰|name_badge 📛|atom_symbol ⚛️|biohazard_sign ☣️|radioactive_sign ☢️|fleur_de_lis ⚜️|o2 🅾️|ab 🆎|ng 🆖|vs 🆚|abc 🔤|1234 🔢|symbols 🔣|signal_strength 📶|vibration_mode 📳|mute 🔇|speaker 🔈|sound 🔉|loud_sound 🔊|low_brightness 🔅|high_brightness 🔆|wheelchair ♿|put_litter_in_its_place 🚮|potable_water 🚰|parking 🅿️|atm 🏧|no_mobile_phones 📵|underage 🔞|do_not_litter 🚯
arrow_up_down ↕️|left_right_arrow ↔️|arrow_upper_left ↖️|arrow_lower_left ↙️|arrow_heading_up ⤴️|arrow_heading_down ⤵️|arrow_double_up ⏫|arrow_double_down ⏬|arrow_up_small 🔼|arrow_down_small 🔽|track_next ⏭️|black_right_pointing_double_triangle_with_vertical_bar ⏭️|repeat_one 🔂|eject ⏏️|black_circle_for_record ⏺️|record_button ⏺️|white_square_button 🔳|black_square_button 🔲|diamond_shape_with_a_dot_inside 💠|large_brown_square 🟫|heavy_dollar_sign 💲|currency_exchange 💱|clock2 🕑|clock4 🕓|clock5 🕔|clock7 🕖|clock8 🕗|clock10 🕙|clock11 🕚
pirate_flag 🏴‍☠️|waving_black_flag 🏴|waving_white_flag 🏳️|flag-eu 🇪🇺|flag-england 🏴󠁧󠁢󠁥󠁮󠁧󠁿|flag-scotland 🏴󠁧󠁢󠁳󠁣󠁴󠁿|thread 🧵|yarn 🧶|safety_vest 🦺|lab_coat 🥼|goggles 🥽|shirt 👕|jeans 👖|socks 🧦|gloves 🧤|scarf 🧣|billed_cap 🧢|helmet_with_white_cross ⛑️|graduation_cap 🎓|mortar_board 🎓|ring 💍|handbag 👜|mans_shoe 👞|athletic_shoe 👟|hiking_boot 🥾|umbrella_with_rain_drops ☔|closed_umbrella 🌂
us 🇺🇸|gb 🇬🇧|uk 🇬🇧|de 🇩🇪|fr 🇫🇷|es 🇪🇸|it 🇮🇹|jp 🇯🇵|cn 🇨🇳|kr 🇰🇷|ru 🇷🇺
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
  const found = EMOJI.get(name) ?? flag(name);
  if (!found || !SKIN[skinTone] || !/^\p{Emoji_Modifier_Base}/u.test(found)) return found;
  const [first, ...rest] = found; // of a person with a trade, the tone is the person's
  if (rest[0] === '\uFE0F') rest.shift();
  return [first, SKIN[skinTone], ...rest].join('');
}

// flag-pt and the like: a country's flag is its two letters, written in letters of their own.
function flag(name) {
  const letters = /^flag-([a-z]{2})$/.exec(name)?.[1];
  return letters && String.fromCodePoint(...[...letters].map((letter) => 0x1f1e6 + letter.charCodeAt(0) - 97));
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
