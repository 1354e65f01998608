import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppSandbox

@testable import Bots

struct GroupCommandTests {
    @Test func membersComeGoAndRise() async throws {
        try await BotWorld.run { world in
            let (bob, carol) = (try await world.person("Bob"), try await world.person("Carol"))
            let group = try await world.group(of: [bob])
            let ask = { (text: String, people: [TestPhone]) in
                try await world.phone.hears(text, in: group.jid, mentions: people)
            }
            #expect(try await ask(".add \(carol.number)", []).contains("was added"))
            #expect(try await group.has(carol))
            #expect(try await ask(".promote @\(carol.number)", [carol]).contains("is an administrator now"))
            #expect(try await group.role(of: carol) == "admin")
            #expect(
                try await carol.hears(".demote @\(carol.number)", in: group.jid, mentions: [carol]).contains(
                    "no administrator"
                )
            )
            #expect(try await ask(".kick @\(carol.number)", [carol]).contains("was removed"))
            #expect(try await group.has(carol) == false)
            #expect(try await ask(".kick", []).contains("Name somebody"))
            #expect(try await ask(".kick \(world.phone.number)", []).contains("myself"))
            #expect(try await bob.hears(".add \(carol.number)", in: group.jid).contains("administrators of the group"))
        }
    }

    @Test func theGroupItselfIsChanged() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            let ask = { (text: String) in try await world.phone.hears(text, in: group.jid) }
            #expect(try await ask(".close").contains("Only administrators"))
            #expect(try await group.view().announcement)
            #expect(try await ask(".open").contains("Everybody"))
            #expect(try await group.view().announcement == false)
            #expect(try await ask(".setname Best friends").contains("Best friends"))
            #expect(try await group.view().subject == "Best friends")
            #expect(try await ask(".setdesc We talk").contains("changed"))
            #expect(try await group.view().description == "We talk")
            let link = try await ask(".link")
            #expect(link.contains(try await group.view().inviteCode))
            #expect(try await ask(".revoke").contains("The new one"))
            #expect(link.contains(try await group.view().inviteCode) == false)
            #expect(try await ask(".admins").contains("creator"))
            #expect(try await ask(".groupinfo").contains("Members: 2"))
            #expect(try await ask(".seticon").contains("an image"))
            let before = try await group.view().pictureID
            // Any picture will do; it is made what a profile has.
            let png = try await world.server.tools.make("testsrc=size=320x200", ["-frames:v", "1"], "icon.png")
            let media = PhoneMedia(kind: .image, bytes: png, type: "image/png", caption: ".seticon")
            let id = try await world.phone.does(.media(media), in: group.jid)
            #expect(try await world.phone.answer(to: id).text == "The picture is changed.")
            #expect(try await group.view().pictureID != before)
        }
    }

    @Test func everybodyIsTold() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            let tagged = try await world.phone.asks(".tagall Dinner!", in: group.jid)
            #expect(tagged.text?.contains("Dinner!") == true)
            #expect(tagged.decoded.extendedTextMessage.contextInfo.mentionedJid.count == 2)
            try await world.phone.says(".hidetag Secret dinner", to: group.jid)
            let hidden = try await bob.message { $0.text == "Secret dinner" }
            #expect(hidden.decoded.extendedTextMessage.contextInfo.mentionedJid.count == 2)
            try await world.phone.says(".poll Pizza? | Yes | No", to: group.jid)
            let poll = try await bob.message { $0.kind == "poll" }
            #expect(poll.text == "Pizza?")
            #expect(poll.decoded.pollCreationMessageV3.selectableOptionsCount == 1)
            try await world.phone.says(".poll --many Toppings? | Ham | Corn", to: group.jid)
            let many = try await bob.message { $0.kind == "poll" && $0.text == "Toppings?" }
            #expect(many.decoded.pollCreationMessage.selectableOptionsCount == 0)
            #expect(many.decoded.pollCreationMessage.options.count == 2)
            #expect(try await bob.hears(".poll Pizza?", in: group.jid).contains("2 to 12"))
        }
    }

    @Test func warningsAddUp() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            _ = try await world.phone.hears(".warnlimit 2", in: group.jid)
            try await world.phone.says(".warn @\(bob.number) rude", to: group.jid, mentions: [bob])
            let warning = try await bob.message { $0.text?.contains("warning 1 of 2") == true }
            #expect(warning.text?.contains("rude") == true)
            #expect(try await world.phone.hears(".warnings", in: group.jid).contains("1 of 2"))
            let control = BotControl(services: world.server.services)
            #expect(try await control.warnings(of: world.bot.id, for: world.owner).first?.count == 1)
            #expect(
                try await world.phone.hears(".resetwarn @\(bob.number)", in: group.jid, mentions: [bob]).contains(
                    "1 taken back"
                )
            )
            #expect(try await world.phone.hears(".warnings", in: group.jid) == "Nobody has a warning.")
            for _ in 0..<2 { try await world.phone.says(".warn @\(bob.number)", to: group.jid, mentions: [bob]) }
            try await eventually { try await !group.has(bob) }
            #expect(try await bob.hears(".warn", in: world.phone.number).contains("groups only"))
        }
    }

    @Test func whoAsksToJoinIsLetIn() async throws {
        try await BotWorld.run { world in
            let (bob, carol) = (try await world.person("Bob"), try await world.person("Carol"))
            let group = try await world.group(of: [bob])
            #expect(try await world.phone.hears(".requests", in: group.jid) == "Nobody asks to join.")
            var change = GroupChange()
            change.joinApproval = true
            try await world.sandbox.change(change, of: group.id, by: world.phone.number)
            try await world.sandbox.changeMembers(.join, of: group.id, by: carol.number)
            #expect(try await world.phone.hears(".requests", in: group.jid).contains("1 ask to join"))
            #expect(try await world.phone.hears(".requests approve", in: group.jid).contains("was let in"))
            #expect(try await group.has(carol))
            let dave = try await world.person("Dave")
            try await world.sandbox.changeMembers(.join, of: group.id, by: dave.number)
            #expect(try await world.phone.hears(".requests reject", in: group.jid).contains("@"))
            #expect(try await group.view().joinRequests.isEmpty)
            #expect(try await !group.has(dave))
        }
    }

    @Test func silentMembersAreFound() async throws {
        try await BotWorld.run { world in
            let (bob, carol) = (try await world.person("Bob"), try await world.person("Carol"))
            let group = try await world.group(of: [bob, carol])
            #expect(try await world.phone.hears(".inactive", in: group.jid).contains("From now on"))
            try await bob.says("I am here", to: group.jid)
            // The pause of the command is by person; another administrator asks.
            try await world.sandbox.changeMembers(.promote, [bob.number], of: group.id, by: world.phone.number)
            let text = try await bob.hears(".inactive 1", in: group.jid)
            #expect(text.contains("1 have written nothing"))
            let dave = try await world.person("Dave")
            try await world.sandbox.changeMembers(.add, [dave.number], of: group.id, by: world.phone.number)
            try await world.sandbox.changeMembers(.promote, [dave.number], of: group.id, by: world.phone.number)
            #expect(try await dave.hears(".inactive 1 --kick", in: group.jid).contains("nobody is removed"))
            #expect(try await group.has(carol))
        }
    }
}
