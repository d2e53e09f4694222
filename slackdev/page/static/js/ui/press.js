// A press takes a moment, from down to up, and what is drawn in it would take the
// button away from under it: the browser then takes the press for none.

const PRESSED = ':is(button, a, summary, label, [role="option"]):not(:has(select))'; // whose list hides the end of a press
const LATE = 50; // milliseconds: after a finger goes up the click still has to come

/** Calls begin() when somebody presses something, and end() when that was done. */
export function watchPresses(begin, end) {
  let presses = 0;
  let pressing = 0; // which one; 0 is none
  const over = (press) => {
    if (press !== pressing || press === 0) return;
    pressing = 0;
    end();
  };
  const atOnce = () => over(pressing);
  document.addEventListener(
    'pointerdown',
    (event) => {
      if (pressing || event.button !== 0 || !event.target.closest(PRESSED)) return;
      presses += 1;
      pressing = presses;
      begin();
    },
    true,
  );
  window.addEventListener('click', atOnce); // after everybody who hears of it
  window.addEventListener('pointercancel', atOnce);
  window.addEventListener('blur', atOnce);
  window.addEventListener(
    'pointerup',
    () => {
      const press = pressing;
      setTimeout(() => over(press), LATE); // where no click comes
    },
    true,
  );
}
