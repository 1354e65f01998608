import Foundation
import Testing
import WharfTestSupport
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppSandbox
import WhatsAppWire

@testable import WhatsApp

/// Every kind of content, from one session to another.
@Suite(.timeLimit(.minutes(4)))
struct ContentTests {
    private static let media = UploadedMedia(
        url: "https://mmg.whatsapp.net/x",
        directPath: "/x?y",
        mediaKey: [UInt8](repeating: 1, count: 32),
        fileSHA256: [UInt8](repeating: 2, count: 32),
        fileEncSHA256: [UInt8](repeating: 3, count: 32),
        fileLength: 10,
        uploadedAt: Date(timeIntervalSince1970: 1_700_000_000)
    )

    /// Everything that stands for itself, with the kind that it arrives as.
    private static func visible() -> [(OutgoingMessage, MessageKind)] {
        let row = OutgoingList.Row(id: "r", title: "Row")
        let card = ContactCard(displayName: "A", vCard: "BEGIN:VCARD")
        var forwarded = WAMessage()
        forwarded.conversation = "passed on"
        var voice = OutgoingAudio(media: media, isVoiceNote: true)
        voice.waveform = [UInt8](repeating: 50, count: 64)
        let preview = LinkPreview(link: "https://example.org", title: "Example", thumbnail: [0xff, 0xd8])
        var once = OutgoingMessage(.image(OutgoingImage(media: media)))
        once.isViewOnce = true
        let plain: [(OutgoingContent, MessageKind)] = [
            (.text(OutgoingText("hello")), .text),
            (.text(OutgoingText("see https://example.org", preview: preview)), .text),
            (.image(OutgoingImage(media: media, caption: "c")), .image),
            (.video(OutgoingVideo(media: media, caption: "c")), .video),
            (.video(OutgoingVideo(media: media, style: .gif)), .gif),
            (.video(OutgoingVideo(media: media, style: .note)), .videoNote),
            (.audio(OutgoingAudio(media: media, isVoiceNote: false)), .audio), (.audio(voice), .voice),
            (.document(OutgoingDocument(media: media, mimeType: "a/b", fileName: "f", caption: "c")), .document),
            (.sticker(OutgoingSticker(media: media)), .sticker),
            (.sticker(OutgoingSticker(media: media, isAnimated: true)), .sticker),
            (.contacts([card]), .contact),
            (.contacts([card, card]), .contact),
            (.location(OutgoingLocation(latitude: 1, longitude: 2)), .location),
            (.liveLocation(OutgoingLiveLocation(latitude: 1, longitude: 2)), .liveLocation),
            (.poll(OutgoingPoll(name: "q", options: ["a", "b"])), .poll),
            (.event(OutgoingEvent(name: "e", start: Date(timeIntervalSince1970: 1_900_000_000))), .event),
            (.album(images: 2, videos: 0), .album),
            (
                .groupInvite(
                    OutgoingGroupInvite(group: "1-2@g.us", code: "c", expires: .distantFuture, groupName: "Harbour")
                ), .groupInvite
            ), (.buttons(OutgoingButtons(text: "t", buttons: [.init(id: "1", title: "One")])), .buttons),
            (
                .list(
                    OutgoingList(title: "", text: "t", buttonTitle: "b", sections: [.init(title: "", rows: [row])])
                ), .list
            ),
            (
                .interactive(
                    OutgoingInteractive(text: "t", buttons: [.init(name: "quick_reply", parameters: #"{"id":"1"}"#)])
                ), .interactive
            ), (.forward(forwarded), .text), (.requestPhoneNumber, .phoneNumberRequest),
            (.sharePhoneNumber, .system), (.disappearingTimer(.day), .timer), (.disappearingTimer(.off), .timer),
        ]
        return plain.map { (OutgoingMessage($0.0), $0.1) } + [(once, .image)]
    }

    @Test func kindsArriveAsTheyWereSent() async throws {
        try await SandboxWorld.withTwo { _, ada, bob in
            let contents = Self.visible()
            for (content, _) in contents { _ = try await ada.session.send(content, to: bob.jid) }
            try await eventually { bob.messages.count == contents.count }
            let arrived = bob.messages.map { MessageContent($0.message) }
            #expect(arrived.map(\.kind) == contents.map(\.1))
            #expect(arrived.last?.isViewOnce == true)
            #expect(arrived.first { $0.forwardingScore > 0 }?.text == "passed on")
            #expect(bob.store.messages.map(\.kind).sorted() == contents.map(\.1.rawValue).sorted())
        }
    }

    /// What is about another message, from one who sends it to one who looks it up.
    @Test func kindsThatChangeSomethingArriveWithTheirTarget() async throws {
        try await SandboxWorld.withTwo { _, ada, bob in
            let group = try await ada.harbour(with: [bob])
            let sent = try await ada.session.send(OutgoingMessage(.text(OutgoingText("first"))), to: group)
            var event = OutgoingEvent(name: "e", start: Date(timeIntervalSince1970: 1_900_000_000))
            event.allowsGuests = true
            let meeting = try await ada.session.send(OutgoingMessage(.event(event)), to: group)
            try await eventually { bob.messages.count == 2 }
            let mine = MessageTarget(chat: group, id: sent.id, isFromMe: true)
            let theirs = MessageTarget(chat: group, id: sent.id, isFromMe: false, author: ada.lid)
            let theirEvent = MessageTarget(chat: group, id: meeting.id, isFromMe: false, author: ada.lid)
            func secret(_ id: String) async throws -> [UInt8] {
                try #require(try await bob.session.secret(of: id, author: ada.lid, in: group))
            }
            let answer = OutgoingEventResponse(
                event: AddOnTarget(message: theirEvent, secret: try await secret(meeting.id)),
                answer: .going,
                guests: 1
            )
            let sealed = AddOnTarget(message: theirs, secret: try await secret(sent.id))
            let edit = OutgoingEdit(target: mine, text: OutgoingText("second"))
            let byAda: [(OutgoingContent, MessageKind)] = [
                (.edit(edit), .edit), (.pin(mine, .week), .pin), (.unpin(mine), .pin),
                (.keep(mine, isKept: true), .keep), (.memberLabel("Pilot"), .system), (.revoke(mine), .revoke),
            ]
            for (content, _) in byAda { _ = try await ada.session.send(OutgoingMessage(content), to: group) }
            try await eventually { bob.messages.count == 2 + byAda.count }
            let changes = bob.messages.dropFirst(2).map { MessageContent($0.message) }
            #expect(changes.map(\.kind) == byAda.map(\.1))
            #expect(changes.filter { $0.kind != .system }.allSatisfy { $0.target?.id == sent.id })
            #expect(changes.first?.text == "second")

            let byBob: [(OutgoingContent, MessageKind)] = [
                (.reaction(theirs, "👍"), .reaction), (.reaction(theirs, ""), .reaction),
                (.sealedReaction(sealed, "👍"), .reaction), (.eventResponse(answer), .eventResponse),
            ]
            for (content, _) in byBob { _ = try await bob.session.send(OutgoingMessage(content), to: group) }
            var reply = OutgoingMessage(.text(OutgoingText("@\(ada.lid.user) @all aye")))
            reply.mentions = [ada.lid]
            reply.mentionsEveryone = true
            reply.quote = QuotedMessage(target: theirs, message: try #require(bob.messages.first).message)
            _ = try await bob.session.send(reply, to: group)
            try await eventually { ada.messages.count == byBob.count + 1 }
            let answers = ada.messages.map { MessageContent($0.message) }
            #expect(answers.map(\.kind) == byBob.map(\.1) + [.text])
            #expect(answers.last?.mentions == [ada.lid])
            #expect(answers.last?.mentionsEveryone == true)
            #expect(answers.last?.quote?.id == sent.id)
            guard case .sealed(let response) = answers[3].body else { return #expect(Bool(false), "no answer") }
            let opened = try response.open(
                secret: try await secret(meeting.id),
                pairs: [(author: ada.lid, modifier: bob.lid)]
            )
            guard case .eventResponse(.going, guests: 1) = opened else { return #expect(Bool(false), "\(opened)") }
        }
    }

    /// What a phone does arrives as the same.
    @Test func whatAPhoneSendsHasItsKind() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let text = try await world.sandbox.act(.text("first"), at: bob.jid.user, in: ada.jid.user)
            let poll = try await world.sandbox.act(
                .poll(name: "q", options: ["a", "b"], selectable: 1),
                at: bob.jid.user,
                in: ada.jid.user
            )
            func medium(_ kind: MediaKind, _ type: String, isViewOnce: Bool = false) -> PhoneAction {
                .media(PhoneMedia(kind: kind, bytes: [1, 2, 3], type: type, fileName: "f", isViewOnce: isViewOnce))
            }
            var choice = WAMessage()
            choice.buttonsResponseMessage.selectedButtonID = "1"
            choice.buttonsResponseMessage.selectedDisplayText = "One"
            var live = WAMessage()
            live.liveLocationMessage.degreesLatitude = 1
            let actions: [(PhoneAction, MessageKind)] = [
                (.text("aye", quoting: text, mentions: [ada.jid.description]), .text),
                (medium(.image, "image/jpeg"), .image),
                (medium(.video, "video/mp4"), .video), (medium(.gif, "video/mp4"), .gif),
                (medium(.audio, "audio/mp4"), .audio), (medium(.voiceNote, "audio/ogg"), .voice),
                (medium(.document, "a/b"), .document), (medium(.sticker, "image/webp"), .sticker),
                (medium(.image, "image/jpeg", isViewOnce: true), .image),
                (.location(latitude: 1, longitude: 2), .location), (.contact(name: "A", vCard: "V"), .contact),
                (.reaction(to: text, emoji: "👍"), .reaction), (.edit(text, text: "second"), .edit),
                (.vote(poll: poll, options: ["a"]), .pollVote), (.pin(text, isPinned: true), .pin),
                (.disappearing(seconds: 86_400), .timer), (.message(choice), .choice), (.message(live), .liveLocation),
                (.revoke(text), .revoke),
            ]
            for (action, _) in actions {
                _ = try await world.sandbox.act(action, at: bob.jid.user, in: ada.jid.user)
            }
            try await eventually { ada.messages.count == actions.count + 2 }
            let arrived = ada.messages.map { MessageContent($0.message) }
            #expect(arrived.map(\.kind) == [.text, .poll] + actions.map(\.1))
            #expect(arrived[2].quote?.id == text)
            #expect(arrived[10].isViewOnce)
            let changes: [MessageKind] = [.reaction, .edit, .pin, .revoke]
            #expect(arrived.filter { changes.contains($0.kind) }.allSatisfy { $0.target?.id == text })
        }
    }

    /// Whoever calls people by their numbers: what is sent names them as the chat does, and what is sealed opens.
    @Test func targetsCanBeNamedByNumber() async throws {
        try await SandboxWorld.withTwo { _, ada, bob in
            let sent = try await ada.session.send(
                OutgoingMessage(.poll(OutgoingPoll(name: "Lunch?", options: ["Yes", "No"]))),
                to: bob.jid
            )
            try await eventually { bob.messages.count == 1 }
            let secret = try #require(try await bob.session.secret(of: sent.id, author: ada.jid, in: ada.jid))
            let byNumber = MessageTarget(chat: ada.jid, id: sent.id, isFromMe: false)
            let byLID = MessageTarget(chat: ada.lid, id: sent.id, isFromMe: false, author: ada.jid)
            let vote = OutgoingVote(poll: AddOnTarget(message: byNumber, secret: secret), options: ["Yes"])
            _ = try await bob.session.send(OutgoingMessage(.vote(vote)), to: ada.jid)
            _ = try await bob.session.send(OutgoingMessage(.reaction(byLID, "👍")), to: ada.jid)
            try await eventually { ada.messages.count == 2 }
            guard case .sealed(let sealed) = MessageContent(try #require(ada.messages.first).message).body else {
                return #expect(Bool(false), "no vote")
            }
            // In one namespace, as other clients try it.
            let opened = try sealed.open(secret: secret, pairs: [(author: ada.lid, modifier: bob.lid)])
            guard case .vote(let choices) = opened else { return #expect(Bool(false), "\(opened)") }
            #expect(choices == [PollOption.hash("Yes")])
            let keys = [
                ada.messages[0].message.pollUpdateMessage.pollCreationMessageKey,
                ada.messages[1].message.reactionMessage.key,
            ]
            #expect(keys.map(\.remoteJid) == [ada.lid.description, ada.lid.description])

            let group = try await ada.harbour(with: [bob])
            let post = try await ada.send("all", to: group)
            try await eventually { bob.texts.last == "all" }
            let theirs = MessageTarget(chat: group, id: post.id, isFromMe: false, author: ada.jid)
            var reply = OutgoingMessage(.text(OutgoingText("aye")))
            reply.quote = QuotedMessage(target: theirs, message: try #require(bob.messages.last).message)
            _ = try await bob.session.send(OutgoingMessage(.reaction(theirs, "👍")), to: group)
            _ = try await bob.session.send(reply, to: group)
            try await eventually { ada.messages.count == 4 }
            #expect(ada.messages[2].message.reactionMessage.key.participant == ada.lid.description)
            #expect(MessageContent(ada.messages[3].message).quote?.author == ada.lid)
        }
    }

    /// Notes to oneself reach the own devices alone.
    @Test func whatIsWrittenToOneselfReachesTheOwnDevices() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            let second = try await RunningSession.start(try await world.link(ada.jid.user), in: world)
            let sent = try await ada.send("buy rope", to: ada.jid)
            try await eventually { second.texts == ["buy rope"] }
            let note = try #require(second.messages.first)
            #expect(note.id == sent.id && note.isFromMe && note.chat == ada.lid)
            try await eventually { try await world.sandbox.messages(of: ada.jid.user).contains { $0.id == sent.id } }
            #expect(bob.messages.isEmpty)
            await second.session.stop()
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
