enum SandboxStyle {
    static let css = """
        :root {
          color-scheme: light dark;
          --ground: light-dark(#f6f7f6, #131716); --surface: light-dark(#ffffff, #1b211f);
          --line: light-dark(#d5dbd8, #313a37); --text: light-dark(#17201d, #e6ebe9);
          --soft: light-dark(#55615d, #9daaa5); --accent: light-dark(#0b6b53, #56c3a2);
          --on-accent: light-dark(#ffffff, #08150f); --bad: light-dark(#a3271b, #f08f83);
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
        header, main, .notice { max-width: 76rem; margin: 0 auto; padding: 1rem; }
        header p { margin: 0; color: var(--soft); }
        h1 { margin: 1rem 0 .25rem; font-size: 1.6rem; letter-spacing: -.01em; }
        h2 { font-size: 1.1rem; margin: 1.5rem 0 .75rem; }
        h3 { margin: 0; font-size: 1.05rem; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 1rem 0 0; font-size: .9rem; }
        dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; font-family: ui-monospace, monospace; }
        ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 1rem; align-items: start; }
        #phones { grid-template-columns: repeat(auto-fill, minmax(min(100%, 30rem), 1fr)); }
        a { color: var(--accent); }
        header p:has(a) { font-size: .9rem; margin-top: .35rem; }
        .phone, #add { background: var(--surface); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; }
        .title { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; }
        .title button { margin-left: auto; }
        .number, .state, .none { color: var(--soft); font-size: .9rem; }
        .phone { display: grid; gap: .6rem; min-width: 0; }
        .phone p { margin: 0; }
        summary { cursor: pointer; color: var(--soft); font-size: .9rem; padding: .25rem 0; }
        .messages { list-style: none; margin: 0; padding: .6rem; max-height: 20rem; overflow-y: auto; display: grid; gap: .5rem;
          background: var(--ground); border: 1px solid var(--line); border-radius: .4rem; font-size: .9rem; }
        .messages[hidden] { display: none; }
        .messages li { justify-self: start; max-width: 85%; padding: .4rem .65rem; background: var(--surface);
          border: 1px solid var(--line); border-radius: .5rem; overflow-wrap: anywhere; }
        .messages .own { justify-self: end; border-color: var(--accent); }
        .who, .fate { color: var(--soft); font-size: .8rem; }
        .what { white-space: pre-wrap; }
        .fate:empty { display: none; } .own .fate { text-align: right; }
        .write { grid-template-columns: minmax(0, 2fr) minmax(0, 3fr) auto; align-items: end; }
        #add { max-width: 30rem; }
        .state:empty, #message:empty { display: none; }
        table { width: 100%; border-collapse: collapse; margin: .75rem 0; font-size: .9rem; }
        th { text-align: left; font-weight: 500; color: var(--soft); }
        th, td { padding: .35rem .5rem .35rem 0; border-bottom: 1px solid var(--line); }
        td:last-child { text-align: right; }
        form { display: grid; gap: .6rem; }
        label { display: grid; gap: .2rem; font-size: .9rem; color: var(--soft); }
        .check { display: flex; gap: .5rem; align-items: center; }
        input:not([type=checkbox]), select, textarea {
          width: 100%; padding: .5rem .6rem; font: inherit; color: var(--text); background: var(--ground);
          border: 1px solid var(--line); border-radius: .4rem;
        }
        textarea { font-family: ui-monospace, monospace; font-size: .85rem; resize: vertical; }
        button {
          justify-self: start; padding: .5rem 1rem; font: inherit; border-radius: .4rem; cursor: pointer;
          border: 1px solid var(--accent); background: var(--accent); color: var(--on-accent);
        }
        button.quiet { padding: .2rem .6rem; font-size: .85rem; background: none; color: var(--text); border-color: var(--line); }
        button:disabled { opacity: .6; cursor: progress; }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
        #message { padding: .6rem .8rem; border: 1px solid var(--line); border-radius: .4rem; background: var(--surface); }
        #message.bad { color: var(--bad); border-color: currentColor; }
        @media (max-width: 36rem) {
          th:nth-child(4), td:nth-child(4) { display: none; }
          .write { grid-template-columns: 1fr; }
        }
        """
}
