import Foundation
import Testing
import WharfTestSupport
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

@testable import WhatsApp

/// Every kind of content, from one session to another.
@Suite(.timeLimit(.minutes(4)))
struct ContentTests {
    @Test func kindsArriveAsTheyWereSent() async throws {
        try await SandboxWorld.run { world in
            let ada = try await world.person(SandboxWorld.number, name: "Ada")
            let bob = try await world.person("15550002222", name: "Bob")
            let media = UploadedMedia(
                url: "https://mmg.whatsapp.net/x",
                directPath: "/x?y",
                mediaKey: [UInt8](repeating: 1, count: 32),
                fileSHA256: [UInt8](repeating: 2, count: 32),
                fileEncSHA256: [UInt8](repeating: 3, count: 32),
                fileLength: 10,
                uploadedAt: Date(timeIntervalSince1970: 1_700_000_000)
            )
            let row = OutgoingList.Row(id: "r", title: "Row")
            let contents: [(OutgoingContent, MessageKind)] = [
                (.text(OutgoingText("hello")), .text), (.image(OutgoingImage(media: media, caption: "c")), .image),
                (.video(OutgoingVideo(media: media, style: .gif)), .gif),
                (.audio(OutgoingAudio(media: media, isVoiceNote: true)), .voice),
                (.document(OutgoingDocument(media: media, mimeType: "a/b", fileName: "f", caption: "c")), .document),
                (.sticker(OutgoingSticker(media: media)), .sticker),
                (.contacts([ContactCard(displayName: "A", vCard: "BEGIN:VCARD")]), .contact),
                (.location(OutgoingLocation(latitude: 1, longitude: 2)), .location),
                (.poll(OutgoingPoll(name: "q", options: ["a", "b"])), .poll),
                (.event(OutgoingEvent(name: "e", start: Date(timeIntervalSince1970: 1_900_000_000))), .event),
                (.disappearingTimer(.day), .timer),
                (
                    .list(
                        OutgoingList(title: "", text: "t", buttonTitle: "b", sections: [.init(title: "", rows: [row])])
                    ), .list
                ),
            ]
            for (content, _) in contents { _ = try await ada.session.send(OutgoingMessage(content), to: bob.jid) }
            try await eventually { bob.messages.count == contents.count }
            #expect(bob.messages.map { MessageContent($0.message).kind } == contents.map(\.1))
            await ada.session.stop()
            await bob.session.stop()
        }
    }

    @Test func changesFindTheirTarget() async throws {
        try await SandboxWorld.run { world in
            let ada = try await world.person(SandboxWorld.number, name: "Ada")
            let bob = try await world.person("15550002222", name: "Bob")
            let poll = OutgoingPoll(name: "Lunch?", options: ["Yes", "No"])
            let sent = try await ada.session.send(OutgoingMessage(.poll(poll)), to: bob.jid)
            try await eventually { bob.messages.count == 1 }
            let received = try #require(bob.messages.first)
            let secret = Array(received.message.unwrapped().message.messageContextInfo.messageSecret)
            let theirs = MessageTarget(chat: received.chat, id: sent.id, isFromMe: false, author: received.sender)
            let vote = OutgoingVote(poll: AddOnTarget(message: theirs, secret: secret), options: ["Yes"])
            _ = try await bob.session.send(OutgoingMessage(.vote(vote)), to: received.chat)
            _ = try await bob.session.send(OutgoingMessage(.reaction(theirs, "👍")), to: received.chat)
            let mine = MessageTarget(chat: bob.jid, id: sent.id, isFromMe: true)
            _ = try await ada.session.send(OutgoingMessage(.revoke(mine)), to: bob.jid)
            try await eventually { ada.messages.count == 2 && bob.messages.count == 2 }

            guard case .sealed(let sealed) = MessageContent(try #require(ada.messages.first).message).body else {
                Issue.record("no vote")
                return
            }
            let opened = try sealed.open(
                secret: secret,
                pairs: [(author: ada.lid, modifier: bob.lid), (author: ada.jid, modifier: bob.jid)]
            )
            var tally = PollTally(options: poll.options, selectableCount: poll.selectableCount)
            if case .vote(let hashes) = opened { tally.add(choices: hashes, of: bob.lid, timestamp: sealed.timestamp) }
            #expect(tally.results.map(\.voters) == [[bob.lid], []])

            let reaction = MessageContent(try #require(ada.messages.last).message)
            #expect(reaction.kind == .reaction)
            #expect(reaction.target?.id == sent.id)
            #expect(reaction.target?.isFromMe == false)
            let revoke = MessageContent(try #require(bob.messages.last).message)
            #expect(revoke.kind == .revoke)
            #expect(revoke.target?.id == sent.id)
            await ada.session.stop()
            await bob.session.stop()
        }
    }
}
