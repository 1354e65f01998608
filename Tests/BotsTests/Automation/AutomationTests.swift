import Accounts
import Database
import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppSandbox

@testable import Bots

struct AutomationTests {
    @Test func rulesAnswer() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let bot = world.phone.number
            #expect(
                try await world.phone.hears(".autoreply contains price | It is cheap, {name}.", in: bob.number)
                    == "The rule is made."
            )
            #expect(
                try await world.phone.hears(#".autoreply regex ^\d{4}$ | A number."#, in: bob.number)
                    == "The rule is made."
            )
            #expect(
                try await world.phone.hears(".autoreply regex (a | x", in: bob.number).contains("regular expression")
            )
            #expect(try await world.phone.hears(".autoreply exact x", in: bob.number).contains("Usage"))
            #expect(try await bob.hears("what is the PRICE?", in: bot) == "It is cheap, Bob.")
            #expect(try await bob.hears("1234", in: bot) == "A number.")
            #expect(try await world.phone.hears(".autoreply test the price", in: bob.number).contains("price"))
            #expect(try await world.phone.hears(".autoreply list", in: bob.number).contains("1. contains"))
            #expect(try await world.phone.hears(".autoreply remove 9", in: bob.number).contains("number"))
            #expect(try await world.phone.hears(".autoreply remove 1", in: bob.number) == "The rule is gone.")
            #expect(try await bob.hears(".autoreply list", in: bot).contains("administrators"))
            let control = BotControl(services: world.server.services)
            let fired = try await control.test("5678", isGroup: false, of: world.bot.id, for: world.owner)
            #expect(fired.answer == "A number.")
            let draft = AutoReplyRule(match: .exact, pattern: "5678", answer: "Draft {name}", priority: 5)
            let tried = try await control.test("5678", isGroup: false, draft: draft, of: world.bot.id, for: world.owner)
            #expect(tried.answer == "Draft Ada")
        }
    }

    @Test func ownCommands() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let bot = world.phone.number
            #expect(try await world.phone.hears(".addcmd rules Be kind, {1}. {2}", in: bob.number) == ".rules is made.")
            #expect(try await world.phone.hears(".addcmd ping x", in: bob.number).contains("taken"))
            #expect(try await bob.hears(".rules Bob", in: bot) == "Be kind, Bob. ")
            #expect(try await bob.hears(".listcmd", in: bot) == ".rules")
            #expect(try await bob.hears(".menu", in: bot).contains("rules"))
            let control = BotControl(services: world.server.services)
            let menu = CustomCommand(
                name: "shop",
                content: CustomContent(
                    text: "Choose:",
                    menu: [.init(title: "Tea", text: "Tea is 1 €."), .init(title: "Cake", text: "Cake is 2 €.")]
                )
            )
            try await control.save(menu, of: world.bot.id, by: world.owner)
            #expect(try await bob.hears(".shop", in: bot).contains("2. Cake"))
            #expect(try await bob.hears(".shop 2", in: bot) == "Cake is 2 €.")
            #expect(try await bob.hears(".shop tea", in: bot) == "Tea is 1 €.")
            let file = BotFile(kind: .document, mimeType: "text/plain", name: "menu.txt", bytes: Array("menu".utf8))
            let id = try await control.add(file, to: world.bot.id, by: world.owner).id
            let sent = CustomCommand(name: "card", content: CustomContent(text: "Our menu"), file: id)
            try await control.save(sent, of: world.bot.id, by: world.owner)
            try await bob.says(".card", to: bot)
            _ = try await bob.message { $0.kind == "document" }
            #expect(
                try await control.preview(menu, text: "", of: world.bot.id, for: world.owner).contains("1. Tea")
            )
            #expect(try await world.phone.hears(".delcmd rules", in: bob.number) == ".rules is gone.")
            #expect(try await world.phone.hears(".delcmd rules", in: bob.number).contains("no such command"))
            await #expect(throws: AutomationError.invalid(.name)) {
                try await control.save(
                    CustomCommand(name: "Bad Name", content: CustomContent(text: "x")),
                    of: world.bot.id,
                    by: world.owner
                )
            }
        }
    }

    @Test func addressesAndPrograms() async throws {
        let server = try TestHTTPServer.start { request in
            if request.path.hasPrefix("/weather") {
                return .init(type: "application/json", body: #"{"now":{"temperature":21.5},"path":"\#(request.path)"}"#)
            }
            let isSigned = request.headers["x-wharf-signature"]?.hasPrefix("sha256=") == true
            if request.body.contains(#""text":"file""#) {
                let file = #"{"kind":"image","mimeType":"image/png","base64":"bm8gcGljdHVyZQ=="}"#
                return .init(type: "application/json", body: #"{"messages":[{"file":\#(file)}]}"#)
            }
            let text = request.body.contains(#""text":"hello""#) ? "you said hello, signed \(isSigned)" : "what?"
            return .init(type: "application/json", body: #"{"messages":[{"text":"\#(text)"}],"reaction":"👍"}"#)
        }
        defer { server.stop() }
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let bot = world.phone.number
            let control = BotControl(services: world.server.services)
            var request = CustomContent.Request(url: "\(server.url)/weather?q={1}", hosts: ["127.0.0.1"])
            let weather = CustomCommand(
                name: "temperature",
                content: CustomContent(text: "{response:now.temperature} degrees", request: request)
            )
            try await control.save(weather, of: world.bot.id, by: world.owner)
            #expect(try await bob.hears(".temperature a&b/../c", in: bot) == "21.5 degrees")
            request.hosts = ["example.org"]
            let foreign = CustomCommand(name: "foreign", content: CustomContent(text: "x", request: request))
            try await control.save(foreign, of: world.bot.id, by: world.owner)
            #expect(try await bob.hears(".foreign", in: bot).contains("not among"))
            let program = CustomCommand(
                name: "program",
                content: CustomContent(webhook: .init(url: "\(server.url)/hook"))
            )
            #expect(try await control.save(program, of: world.bot.id, by: world.owner)?.count == 64)
            #expect(try await control.save(program, of: world.bot.id, by: world.owner) == nil)
            #expect(try await bob.hears(".program hello", in: bot) == "you said hello, signed true")
            #expect(try await control.renewSecret(of: "program", of: world.bot.id, by: world.owner).count == 64)
            #expect(try await bob.hears(".program hello", in: bot) == "you said hello, signed true")
            _ = try await bob.message { $0.kind == "reaction" && $0.text == "👍" }
            // Nothing goes out unsigned: not for a command from before secrets, and not where the secret is lost.
            try await world.server.database.execute(
                "UPDATE bot_custom_commands SET secret = NULL WHERE bot_id = \(world.bot.id) AND name = 'program'"
            )
            #expect(try await bob.hears(".program hello", in: bot) == "you said hello, signed true")
            try await world.server.database.execute(
                "UPDATE bot_custom_commands SET secret = decode('00112233', 'hex') WHERE bot_id = \(world.bot.id)"
            )
            #expect(try await bob.hears(".program hello", in: bot).contains("needs a new secret"))
            try await eventually { try await world.log().contains { $0.contains("secret cannot be opened") } }
            _ = try await control.renewSecret(of: "program", of: world.bot.id, by: world.owner)
            #expect(try await bob.hears(".program file", in: bot).contains("not what it says"))
            #expect(WebhookRun.signature(Array("{}".utf8), at: "1", secret: "k").count == 71)
        }
    }

    @Test func rulesLookAtTheirPlace() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            let control = BotControl(services: world.server.services)
            let rules = [
                AutoReplyRule(match: .starts, pattern: "how", answer: "Like this."),
                AutoReplyRule(match: .exact, pattern: "all", answer: "In groups.", scope: .groups, priority: 1),
                AutoReplyRule(match: .exact, pattern: "all", answer: "In private.", scope: .private),
            ]
            for rule in rules { try await control.save(rule, of: world.bot.id, by: world.owner) }
            #expect(try await bob.hears("How does it work?", in: world.phone.number) == "Like this.")
            #expect(try await bob.hears("all", in: group.jid) == "In groups.")
            #expect(try await bob.hears("all", in: world.phone.number) == "In private.")
            let inside = try await bob.says("tell me how", to: world.phone.number)
            _ = try await bob.hears(".ping", in: world.phone.number)
            #expect(try await bob.messages().contains { $0.target == inside && !$0.own } == false)
            // What one chat alone is answered is tried in that chat.
            _ = try await world.phone.hears(".filter tea | At five.", in: group.jid)
            #expect(try await world.phone.hears(".autoreply test tea", in: group.jid).contains("At five."))
            #expect(try await world.phone.hears(".autoreply test tea", in: bob.number) == "No rule answers that.")
        }
    }

    @Test func numbersOfOthersAreTakenAsTheyAre() {
        #expect(WholeNumber.of(1e300) == .max && WholeNumber.of(-1e300) == .min)
        #expect(WholeNumber.of(.nan) == 0 && WholeNumber.of(.infinity) == .max && WholeNumber.of(59.6) == 60)
        var report = WeatherReport(
            place: "X",
            temperature: 1,
            feltTemperature: 1,
            humidity: 1e300,
            wind: 1,
            code: .max
        )
        #expect(report.phrase.text(.english).contains("Humidity"))
        report.humidity = 60.4
        #expect(report.phrase.text(.english).contains("Humidity 60 %"))
        var values = TemplateValues()
        values.response = Array(#"{"a":{"b":[1,2.5,null,"x"]},"c":true}"#.utf8)
        #expect(values.fill("{response:a.b.1} {response:a.b.3} {response:a.b.2}{response:d}|") == "2.5 x |")
        values.response = Array("no JSON".utf8)
        #expect(values.fill("{response:a}{response:b} {response}") == " no JSON")
    }

    @Test func messagesGoOutAtTheirTime() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            #expect(try await world.phone.hears(".cron add * * * * * | Tick {bot}", in: group.jid).contains("Planned"))
            #expect(try await world.phone.hears(".cron add nonsense", in: group.jid).contains("Usage"))
            try await world.server.database.execute(
                "UPDATE bot_scheduled_messages SET next_at = now() - interval '5 seconds' WHERE bot_id = \(world.bot.id)"
            )
            try await world.server.pipeline.doWhatIsDue()
            _ = try await bob.message { $0.text == "Tick Helper" }
            let control = BotControl(services: world.server.services)
            let planned = try await control.scheduledMessages(of: world.bot.id, for: world.owner)
            #expect(planned.first?.nextAt.map { $0 > Date() } == true)
            #expect(planned.first?.lastError == nil)
            #expect(try await world.phone.hears(".cron list", in: group.jid).contains("Tick"))
            #expect(try await world.phone.hears(".cron remove 1", in: group.jid) == "The message is gone.")
            let late = ScheduledMessage(
                chat: group.jid,
                text: "Late",
                when: .once(Date().addingTimeInterval(-5)),
                zone: .gmt,
                createdBy: "panel"
            )
            await #expect(throws: AutomationError.invalid(.at)) {
                try await control.schedule(late, of: world.bot.id, by: world.owner)
            }
        }
    }

    @Test func groupsOpenAndCloseAtTheirHours() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            let now = Calendar(identifier: .gregorian).dateComponents(in: .gmt, from: Date())
            let minute = (now.hour ?? 0) * 60 + (now.minute ?? 0)
            try await world.store.changeChat(group.jid, of: world.bot.id) { $0.hours = OpeningHours(closes: minute) }
            _ = try await bob.hears(".ping", in: group.jid)
            try await world.server.pipeline.doWhatIsDue()
            _ = try await bob.message { $0.text?.contains("The group is closed") == true }
            #expect(try await group.view().announcement)
        }
    }

    @Test func presetsFillABot() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            #expect(try await world.phone.hears(".preset", in: bob.number).contains("moderator"))
            #expect(try await world.phone.hears(".preset nothing", in: bob.number).contains("one of"))
            #expect(try await world.phone.hears(".preset shop", in: bob.number).contains("Shop"))
            #expect(try await bob.hears("when are you open?", in: world.phone.number).contains("Monday"))
        }
    }

    @Test func strangersHaveNoRights() async throws {
        try await BotWorld.run { world in
            let control = BotControl(services: world.server.services)
            let stranger = BotCaller(account: .init(), name: "x", isAdministrator: false)
            await #expect(throws: HostingError.unknownBot) { try await control.rules(of: world.bot.id, for: stranger) }
            await #expect(throws: HostingError.unknownBot) {
                try await control.save(
                    AutoReplyRule(match: .exact, pattern: "a", answer: "b"),
                    of: world.bot.id,
                    by: stranger
                )
            }
            await #expect(throws: HostingError.unknownBot) {
                try await control.scheduledMessages(of: world.bot.id, for: stranger)
            }
        }
    }
}
