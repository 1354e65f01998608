enum SandboxScript {
    static let javaScript = #"""
        const find = (selector, root = document) => root.querySelector(selector);
        const phonesList = find("#phones");
        const phoneLimit = 50;
        const again = 20;
        let drawn = "";
        let names = new Map();

        async function call(method, path, body) {
          const answer = await fetch("/sandbox" + path, {
            method,
            headers: body ? { "content-type": "application/json" } : {},
            body: body ? JSON.stringify(body) : undefined,
          });
          const json = await answer.json().catch(() => ({}));
          if (!answer.ok) throw new Error(json.error ? json.error.message : "The sandbox answered " + answer.status + ".");
          return json;
        }

        function say(text, bad = false) {
          const message = find("#message");
          message.textContent = text;
          message.classList.toggle("bad", bad);
        }

        async function order(control, work) {
          control.disabled = true;
          try {
            say(await work());
          } catch (error) {
            say(error.message, true);
          }
          control.disabled = false;
          await refresh();
        }

        function linkText(text, number) {
          const value = text.trim();
          const isCode = /^[0-9A-Za-z](?:[\s-]*[0-9A-Za-z]){7}$/.test(value);
          return isCode
            ? call("POST", "/phones/" + number + "/link", { code: value })
            : call("POST", "/phones/" + number + "/scan", { qr: value });
        }

        function stateOf(phone) {
          const parts = [];
          if (phone.codeOfferedBy) parts.push(phone.codeOfferedBy + " waits for its pairing code.");
          if (phone.linking) parts.push("Linking: waiting for the companion (" + phone.linking.awaiting + ").");
          if (phone.linking && phone.linking.confirmationCode) parts.push("Code to compare: " + phone.linking.confirmationCode);
          if (phone.passkey) parts.push("Linking demands a passkey.");
          return parts.join(" ");
        }

        function fillDevices(item, phone) {
          const body = find("tbody", item);
          body.replaceChildren(...phone.devices.map((device) => {
            const row = find("#device").content.cloneNode(true);
            find(".id", row).textContent = device.device;
            find(".name", row).textContent = device.name + " (" + device.platform + ")";
            find(".online", row).textContent = device.isConnected ? "connected" : "offline";
            find(".keys", row).textContent = device.preKeys;
            find("button", row).addEventListener("click", (event) => order(event.target, async () => {
              await call("DELETE", "/phones/" + phone.number + "/devices/" + device.device);
              return "Device " + device.device + " is unlinked.";
            }));
            return row;
          }));
          find("table", item).hidden = phone.devices.length === 0;
          const count = phone.devices.length;
          const online = phone.devices.filter((device) => device.isConnected).length;
          find("summary", item).textContent = count === 0
            ? "No linked devices"
            : (count === 1 ? "1 linked device" : count + " linked devices") + ", " + online + " connected";
          find(".state", item).textContent = stateOf(phone);
          find("h3", item).textContent = phone.name;
        }

        function newPhone(phone) {
          const item = find("#phone").content.cloneNode(true).firstElementChild;
          item.dataset.number = phone.number;
          find("details", item).open = phone.devices.length === 0;
          find(".number", item).textContent = "+" + phone.number + " · " + phone.platform;
          find(".remove", item).addEventListener("click", (event) => order(event.target, async () => {
            await call("DELETE", "/phones/" + phone.number);
            return phone.name + " is removed.";
          }));
          find(".messages", item).setAttribute("aria-label", "Messages of " + phone.name);
          find(".write", item).addEventListener("submit", (event) => {
            event.preventDefault();
            const form = event.target;
            const { to, text } = form.elements;
            order(find("button", form), async () => {
              await call("POST", "/phones/" + phone.number + "/messages", { to: to.value.trim(), text: text.value });
              text.value = "";
              return phone.name + " has written.";
            });
          });
          find(".link", item).addEventListener("submit", (event) => {
            event.preventDefault();
            const form = event.target;
            order(find("button", form), async () => {
              const result = await linkText(form.elements.text.value, phone.number);
              form.reset();
              return result.status === "linked"
                ? "Linked as device " + result.device.device + "."
                : "The companion has been asked for the account's passkey.";
            });
          });
          return item;
        }

        const name = (jid) => names.get(jid) || names.get(jid.split("@")[0]) || jid.split("@")[0];

        function fate(message) {
          if (message.error) return "refused: " + message.error;
          if (!message.own) return message.copies > 1 ? "came " + message.copies + " times" : "";
          const types = new Set(message.receipts.map((receipt) => receipt.type));
          const best = ["played", "read", "delivered", "inactive"].find((type) => types.has(type));
          return best === "inactive" ? "delivered" : best || "sent";
        }

        function newPost(message, phone) {
          const post = find("#post").content.cloneNode(true).firstElementChild;
          const author = message.own ? (message.device ? "Device " + message.device : phone.name) : name(message.from);
          const isGroup = message.chat.endsWith("@g.us");
          const place = isGroup ? " in " + name(message.chat) : message.own ? " to " + name(message.chat) : "";
          find(".people", post).textContent = author + place;
          const time = find("time", post);
          time.dateTime = message.time;
          time.textContent = new Date(message.time).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
          const isText = message.kind === "text";
          find(".what", post).textContent = (isText ? "" : "[" + message.kind + "] ") + (message.text || (message.choices || []).join(", "));
          find(".fate", post).textContent = fate(message);
          post.classList.toggle("own", message.own);
          return post;
        }

        async function readMessages(item, phone) {
          const list = find(".messages", item);
          const last = Number(list.dataset.last || 0);
          const first = Math.max(0, last - again);
          const { messages } = await call("GET", "/phones/" + phone.number + "/messages?after=" + first);
          const slim = messages.map(({ content, ...rest }) => rest);
          const state = JSON.stringify([slim, [...names]]);
          find(".none", item).hidden = last > 0 || messages.length > 0;
          list.hidden = last === 0 && messages.length === 0;
          if (list.dataset.state === state || messages.length === 0) return;
          list.dataset.state = state;
          const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
          for (const post of [...list.children]) if (Number(post.dataset.number) > first) post.remove();
          for (const message of messages) {
            const post = newPost(message, phone);
            post.dataset.number = message.number;
            list.append(post);
            list.dataset.last = message.number;
          }
          while (list.children.length > 200) list.firstElementChild.remove();
          if (isAtEnd) list.scrollTop = list.scrollHeight;
        }

        function drawPeople(phones, groups) {
          names = new Map([...phones.map((phone) => [phone.number, phone.name]), ...groups.map((group) => [group.jid, group.subject])]);
          const people = [...phones.slice(0, 200).map((phone) => [phone.number, phone.name]), ...groups.slice(0, 200).map((group) => [group.jid, group.subject])];
          find("#people").replaceChildren(...people.map(([value, label]) => {
            const option = document.createElement("option");
            option.value = value;
            option.label = label;
            return option;
          }));
        }

        function draw(server, phones, groups) {
          drawPeople(phones, groups);
          const facts = [
            ["WebSocket", server.webSocketURL], ["With TLS", server.secureWebSocketURL],
            ["Noise root key", server.noiseRootKey], ["Connections", server.connections],
          ];
          find("#server").replaceChildren(...facts.flatMap(([name, value]) => {
            const term = document.createElement("dt");
            const description = document.createElement("dd");
            term.textContent = name;
            description.textContent = value;
            return [term, description];
          }));
          const shown = new Map([...phonesList.children].map((item) => [item.dataset.number, item]));
          for (const phone of phones.slice(0, phoneLimit)) {
            const item = shown.get(phone.number) || phonesList.appendChild(newPhone(phone));
            shown.delete(phone.number);
            fillDevices(item, phone);
          }
          for (const item of shown.values()) item.remove();
          find("#empty").hidden = phones.length > 0;
          find("#more").hidden = phones.length <= phoneLimit;
          find("#more").textContent = "The first " + phoneLimit + " of " + phones.length + " phones are shown.";
        }

        async function refresh() {
          try {
            const [server, { phones }, { groups }] = await Promise.all([call("GET", ""), call("GET", "/phones"), call("GET", "/groups")]);
            const state = JSON.stringify([server, phones, groups]);
            if (state !== drawn) draw(server, phones, groups);
            drawn = state;
            const shown = new Map([...phonesList.children].map((item) => [item.dataset.number, item]));
            await Promise.all(phones.slice(0, phoneLimit).map((phone) => readMessages(shown.get(phone.number), phone)));
          } catch (error) {
            say("The sandbox does not answer: " + error.message, true);
          }
        }

        find("#add").addEventListener("submit", (event) => {
          event.preventDefault();
          const form = event.target;
          const { number, name, platform, passkey } = form.elements;
          order(find("button", form), async () => {
            await call("POST", "/phones", {
              number: number.value, name: name.value || undefined, platform: platform.value, passkey: passkey.checked,
            });
            form.reset();
            return "The phone is added.";
          });
        });

        await refresh();
        setInterval(() => { if (!document.hidden) refresh(); }, 2000);
        """#
}
