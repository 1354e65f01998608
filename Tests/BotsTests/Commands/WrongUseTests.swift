import Foundation
import Testing
import WharfTestSupport
import WhatsAppSandbox

@testable import Bots

/// What commands say that are used as they cannot be meant, by somebody who may use them.
struct WrongUseTests {
    private func expect(
        _ questions: [(text: String, answer: String)],
        by phone: TestPhone,
        in chat: String
    ) async throws {
        for (text, answer) in questions {
            let heard = try await phone.hears(text, in: chat)
            #expect(heard.contains(answer), "\(text.prefix(40)): \(heard.prefix(200))")
        }
    }

    @Test func withoutATextOrAFileNothingIsMade() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let text = "Write a text after the command, or answer one."
            let texts = [
                ".ask", ".attp", ".ttp", ".quote", ".qr", ".say", ".base64", ".calc", ".hash", ".translate de",
            ]
            try await expect(texts.map { ($0, text) }, by: bob, in: world.phone.number)
            let files = [".take", ".toimage", ".tovideo", ".togif", ".tomp3", ".tovoice", ".enhance", ".transcribe"]
            try await expect(files.map { ($0, "Send or answer a") }, by: bob, in: world.phone.number)
            let long = String(repeating: "x", count: 3_000)
            try await expect(
                [
                    (".qr \(long)", "too long for a QR code"), (".say \(long)", "At most 1000 letters"),
                    (".say --lang=../x Hello", "cannot be used"), (".listcmd", "There are no own commands."),
                    (".enhance beautiful", "is one of"), (".play", "Usage"), (".video", "Usage"),
                ],
                by: bob,
                in: world.phone.number
            )
        }
    }

    @Test func ownersAreToldAsWell() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let long = String(repeating: "x", count: 800)
            try await expect(
                [
                    (".poststatus", "Write a text after the command"), (".poststatus \(long)", "at most 700"),
                    (".setabout \(long)", "The text has at most 139 characters."),
                    (".setmyname \(long)", "at most 25"), (".broadcast", "Write a text, or answer"),
                    (".sudo add", "whose number is known"), (".reveal", "Answer a view-once message."),
                    (".disable nothing", "There is no command"), (".enable nothing", "There is no command"),
                    (".disable mode", "The owner's commands stay on."),
                    (".block \(world.phone.number)", "Name somebody"),
                    (".unblock \(world.phone.number)", "Name somebody"),
                ],
                by: world.phone,
                in: bob.number
            )
            let plain = try await bob.says("Nothing secret", to: world.phone.number)
            _ = try await world.phone.message { $0.id == plain }
            let seen = try await world.phone.hears(".reveal", in: bob.number, quoting: plain)
            #expect(seen.contains("seen more than once"))
        }
    }

    @Test func administratorsAreToldAsWell() async throws {
        try await BotWorld.run { world in
            let (bob, carol) = (try await world.person("Bob"), try await world.person("Carol"))
            let group = try await world.group(of: [bob])
            try await world.sandbox.changeMembers(.promote, [bob.number], of: group.id, by: world.phone.number)
            let long = String(repeating: "x", count: 2_049)
            try await expect(
                [
                    (".setname \(long)", "The group's name has 1 to 100 characters."),
                    (".setdesc \(long)", "The description has at most 2048 characters."),
                    (".warn \(carol.number)", "They are not in this group."),
                    (".warn \(bob.number)", "Administrators are not warned."),
                    (".resetwarn \(carol.number)", "0 taken back"), (".kick \(carol.number)", "not in the group"),
                    (".promote \(carol.number)", "not in the group"), (".demote \(carol.number)", "not in the group"),
                    (".add \(bob.number)", "is there already"), (".block", "Name somebody"),
                    (".poll Tea? | Yes | Yes", "no two of them the same"), (".requests reject", "Nobody asks to join."),
                ],
                by: world.phone,
                in: group.jid
            )
            #expect(try await group.view().subject == "Friends")
        }
    }
}
