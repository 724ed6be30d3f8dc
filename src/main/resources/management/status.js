'use strict';
{
  const EVERY_MILLIS = 2000;
  const trouble = document.getElementById('trouble');

  const placesOf = (main) => [...main.querySelectorAll('.scroll[id]')];

  // What is said again is not read out again.
  const say = (text) => {
    if (trouble.textContent !== text) {
      trouble.textContent = text;
    }
  };

  const show = (page) => {
    const before = document.querySelector('main');
    const after = page.querySelector('main');
    const places = placesOf(before).map((place) => [place.id, place.scrollLeft, place.scrollTop]);
    const focused = document.activeElement.id;
    before.replaceWith(after);
    for (const [id, left, top] of places) {
      document.getElementById(id)?.scrollTo({ left, top, behavior: 'instant' });
    }
    if (focused) {
      document.getElementById(focused)?.focus({ preventScroll: true });
    }
    document.getElementById('age').replaceWith(page.getElementById('age'));
    say(page.getElementById('trouble').textContent);
    document.title = page.title;
  };

  const refresh = async () => {
    // Whoever is marking a key to copy it is left alone.
    if (!document.hidden && getSelection().isCollapsed) {
      try {
        const answer = await fetch(location.pathname, { cache: 'no-store' });
        if (!answer.ok) {
          throw new Error(`the application answers ${answer.status}`);
        }
        show(new DOMParser().parseFromString(await answer.text(), 'text/html'));
      } catch (e) {
        say(`The application does not answer, and what is below is old: ${e.message}`);
        document.title = 'camel-ingest does not answer';
      }
    }
    setTimeout(refresh, EVERY_MILLIS);
  };
  setTimeout(refresh, EVERY_MILLIS);
}
