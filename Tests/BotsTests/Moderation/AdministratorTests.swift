import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppProtobufs
import WhatsAppSandbox

@testable import Bots

/// What holds for administrators and owners in groups that are watched.
struct AdministratorTests {
    @Test func administratorsCommandWhereOthersMayNotWrite() async throws {
        try await BotWorld.run { world in
            let (ann, bob) = (try await world.person("Ann"), try await world.person("Bob"))
            let group = try await world.group(of: [ann, bob])
            try await world.sandbox.changeMembers(.promote, [ann.number], of: group.id, by: world.phone.number)
            _ = try await world.phone.hears(".antilink delete", in: group.jid)
            let allowed = try await ann.hears(".antilink allow example.org", in: group.jid)
            #expect(allowed.contains("example.org"))
            #expect(try await ann.hears(".base64 https://evil.com", in: group.jid) == "aHR0cHM6Ly9ldmlsLmNvbQ==")
            _ = try await ann.hears(".antibadword add ping", in: group.jid)
            #expect(try await ann.hears(".ping", in: group.jid).hasPrefix("Pong!"))
            let word = try await bob.says(".ping", to: group.jid)
            _ = try await bob.message { $0.kind == "revoke" && $0.target == word }
            #expect(
                try await bob.messages().contains { $0.target == word && $0.text?.hasPrefix("Pong") == true } == false
            )
            _ = try await ann.hears(".antispam delete 2 60", in: group.jid)
            _ = try await ann.hears(".slowmode 10m", in: group.jid)
            for _ in 0..<4 { #expect(try await ann.hears(".uptime", in: group.jid).hasPrefix("Up for")) }
        }
    }

    @Test func whereTheBotIsNoAdministratorMessagesStayAndAreHeard() async throws {
        try await BotWorld.run { world in
            let (ann, bob) = (try await world.person("Ann"), try await world.person("Bob"))
            let group = try await world.group(of: [world.phone, bob], by: ann)
            try await world.store.changeChat(group.jid, of: world.bot.id) { $0.links = LinkRule(action: .delete) }
            #expect(try await bob.hears(".base64 https://evil.com", in: group.jid) == "aHR0cHM6Ly9ldmlsLmNvbQ==")
        }
    }

    @Test func ownersAreSafeHoweverTheyAreNamed() async throws {
        try await BotWorld.run { world in
            let (ann, olga) = (try await world.person("Ann"), try await world.person("Olga"))
            let group = try await world.group(of: [ann, olga])
            try await world.store.changeConduct(of: world.bot.id) { $0.owners = [olga.number] }
            for phone in [ann, olga] {
                try await world.sandbox.changeMembers(.promote, [phone.number], of: group.id, by: world.phone.number)
            }
            let lid = try await world.sandbox.phone(olga.number).lid
            for (command, refusal) in [("kick", "myself or my owner"), ("demote", "myself or my owner")] {
                for jid in [lid, "\(olga.number)@s.whatsapp.net"] {
                    let user = jid.prefix { $0 != "@" }
                    let id = try await ann.does(.text(".\(command) @\(user)", mentions: [jid]), in: group.jid)
                    #expect(try await ann.answer(to: id).text?.contains(refusal) == true, "\(command) \(jid)")
                }
            }
            try await world.sandbox.changeMembers(.demote, [olga.number], of: group.id, by: world.phone.number)
            let user = lid.prefix { $0 != "@" }
            let warned = try await ann.does(.text(".warn @\(user)", mentions: [lid]), in: group.jid)
            #expect(try await ann.answer(to: warned).text?.contains("myself or my owner") == true)
            #expect(try await group.has(olga))
        }
    }

    @Test func silentOwnersStayWhereOthersAreRemoved() async throws {
        try await BotWorld.run { world in
            let (bob, carol) = (try await world.person("Bob"), try await world.person("Carol"))
            let olga = try await world.person("Olga")
            let group = try await world.group(of: [bob, carol, olga])
            try await world.store.changeConduct(of: world.bot.id) { $0.owners = [olga.number] }
            let past = Date().addingTimeInterval(-30 * 86_400)
            try await world.store.changeChat(group.jid, of: world.bot.id) { $0.countsSince = past }
            _ = try await bob.hears(".ping", in: group.jid)
            #expect(try await world.phone.hears(".inactive 7 --kick", in: group.jid).contains("was removed"))
            #expect(try await !group.has(carol))
            #expect(try await group.has(bob))
            #expect(try await group.has(olga))
        }
    }

    @Test func commandsKnowTheLimitsOfThePanel() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            let ask = { (text: String) in try await world.phone.hears(text, in: group.jid) }
            #expect(try await ask(".slowmode 2h").contains("at most an hour"))
            #expect(try await ask(".antispam delete 8 300").contains("120"))
            // A number that is out of its range is no word for the next argument.
            #expect(try await ask(".antispam delete 80 8").hasPrefix("Messages is a number from 2 to 50."))
            #expect(try await ask(".antispam delete 9 20").contains("More than 9 messages within 20 s"))
            #expect(try await ask(".inactive 400 --kick").hasPrefix("Days is a number from 1 to 365."))
            #expect(try await ask(".antilink allow localhost").contains("Name hosts"))
            let words = (0...ChatSettings.wordLimit).map { "word\($0)" }.joined(separator: ", ")
            #expect(try await ask(".antibadword add \(words)").contains("At most 200 words"))
            let hosts = (0...ChatSettings.hostLimit).map { "h\($0).com" }.joined(separator: " ")
            #expect(try await ask(".antilink allow \(hosts)").contains("At most 50 hosts"))
            #expect(try await ask(".slowmode 1h").contains("1 h"))
            #expect(try await ask(".antispam warn 50 120").contains("More than 50"))
            // What commands have set the panel takes as it is.
            let control = BotControl(services: world.server.services)
            let kept = try await control.change(group.jid, of: world.bot.id, by: world.owner) { $0.isForAdmins = true }
            #expect(kept.slowMode == 3_600 && kept.flood?.messages == 50)
        }
    }
}
