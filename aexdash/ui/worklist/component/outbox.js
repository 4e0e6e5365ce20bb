// Acts on their way to the server: numbered, and sent until it says that their number is done. Of two quick messages
// Streamlit keeps only the later one, so each message has all that is not done.

const ASK_AGAIN_MS = 4000;

export class Outbox {
  // `post` sends a message; `isHere` says whether the list is still on the page.
  constructor(post, isHere) {
    this.post = post;
    this.isHere = isHere;
    this.acts = [];
    this.number = 0;
    this.name = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // Send an act on rows as they are shown; return its number.
  put(what, rows, more) {
    this.number += 1;
    this.acts.push({ n: this.number, do: what, rows: rows.map((row) => [row.told.id, row.told.v]), more });
    this.send();
    return this.number;
  }

  send() {
    this.post({ list: this.name, acts: this.acts });
    window.clearTimeout(this.again);
    this.again = window.setTimeout(() => { if (this.acts.length && this.isHere()) this.send(); }, ASK_AGAIN_MS);
  }

  // Forget the acts up to a number.
  settle(done) {
    this.acts = this.acts.filter((act) => act.n > done);
    if (!this.acts.length) this.stop();
  }

  stop() {
    window.clearTimeout(this.again);
  }
}
