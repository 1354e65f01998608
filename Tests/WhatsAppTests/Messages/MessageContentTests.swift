import Foundation
import Testing
import WhatsApp
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppWire

struct MessageContentTests {
    @Test func wrappersAreOpened() {
        var inner = WAMessage()
        inner.imageMessage.caption = "look"
        inner.imageMessage.directPath = "/v/x"
        var message = WAMessage()
        message.ephemeralMessage.message.viewOnceMessageV2.message = inner
        message.messageContextInfo.messageSecret = Data([1])
        let content = MessageContent(message)
        #expect(content.kind == .image)
        #expect(content.isViewOnce)
        #expect(content.text == "look")
        guard case .media(let media) = content.body else {
            Issue.record("no medium: \(content.body)")
            return
        }
        #expect(media.file.directPath == "/v/x")
        #expect(message.unwrapped().message.messageContextInfo.messageSecret == Data([1]))
    }

    @Test(arguments: [8, 9, 60])
    func nestingIsBounded(depth: Int) {
        var message = WAMessage()
        message.conversation = "inside"
        for _ in 0..<depth {
            var outer = WAMessage()
            outer.ephemeralMessage.message = message
            message = outer
        }
        #expect(MessageContent(message).text == (depth <= 8 ? "inside" : nil))
        #expect(message.unwrapped().wrappers.isTooDeep == (depth > 8))
    }

    @Test func mentionsAreBoundedAndUnique() {
        var message = WAMessage()
        message.extendedTextMessage.text = "hi"
        message.extendedTextMessage.contextInfo.mentionedJid = (0..<100_000).map { "\($0 % 90_000)@s.whatsapp.net" }
        #expect(MessageContent(message).mentions.count == MessageContent.mentionLimit)
        message.extendedTextMessage.contextInfo.mentionedJid = ["1:4@lid", "1@lid", "", "no jid", "@lid"]
        #expect(MessageContent(message).mentions == [JID(user: "1", server: .lid)])
    }

    @Test func longTextIsCutBetweenScalars() throws {
        var message = WAMessage()
        message.conversation = "x" + String(repeating: "🐟", count: 2_500_000)
        let text = try #require(MessageContent(message).text)
        #expect(text.utf8.count == MessageContent.textLimit - 3)
        #expect(text.unicodeScalars.last == "🐟")
    }

    @Test func allThreeFormsOfAnEditAreEdits() throws {
        var plain = WAMessage()
        plain.protocolMessage.type = .messageEdit
        plain.protocolMessage.key.id = "A1"
        plain.protocolMessage.key.fromMe = true
        plain.protocolMessage.editedMessage.conversation = "new"
        var wrapped = WAMessage()
        wrapped.editedMessage.message = plain
        for message in [plain, wrapped] {
            let content = MessageContent(message)
            #expect(content.kind == .edit)
            #expect(content.text == "new")
            #expect(content.target?.id == "A1")
        }
        var sealed = WAMessage()
        sealed.secretEncryptedMessage.secretEncType = .messageEdit
        sealed.secretEncryptedMessage.targetMessageKey.id = "A1"
        let content = MessageContent(sealed)
        #expect(content.kind == .edit)
        #expect(content.target?.id == "A1")
        guard case .sealed(let add) = content.body else {
            Issue.record("not sealed: \(content.body)")
            return
        }
        #expect(add.use == .messageEdit)
    }

    @Test func editOfAnEditEnds() {
        var message = WAMessage()
        message.conversation = "deep"
        for _ in 0..<40 {
            var outer = WAMessage()
            outer.protocolMessage.type = .messageEdit
            outer.protocolMessage.key.id = "A"
            outer.protocolMessage.editedMessage = message
            message = outer
        }
        #expect(MessageContent(message).text == nil)
    }

    @Test func revokeNeedsAKey() {
        var message = WAMessage()
        message.protocolMessage = WAProtocolMessage()
        #expect(MessageContent(message).kind == .system)
        message.protocolMessage.key.id = "A"
        #expect(MessageContent(message).kind == .revoke)
        #expect(MessageContent(message).target?.id == "A")
    }

    @Test func answersToMenusNameTheirChoice() {
        var buttons = WAMessage()
        buttons.buttonsResponseMessage.selectedButtonID = "b1"
        var list = WAMessage()
        list.listResponseMessage.singleSelectReply.selectedRowID = "b1"
        var template = WAMessage()
        template.templateButtonReplyMessage.selectedID = "b1"
        var flow = WAMessage()
        flow.interactiveResponseMessage.nativeFlowResponseMessage.paramsJson = #"{"x":[1],"id":"b1"}"#
        for message in [buttons, list, template, flow] {
            let content = MessageContent(message)
            #expect(content.kind == .choice)
            guard case .choice(let choice) = content.body else {
                Issue.record("no choice: \(content.body)")
                continue
            }
            #expect(choice.id == "b1")
        }
    }

    @Test func menusListTheirOptions() {
        var flow = WAMessage()
        flow.interactiveMessage.body.text = "Choose"
        var reply = WAInteractiveMessage.NativeFlowMessage.NativeFlowButton()
        reply.name = "quick_reply"
        reply.buttonParamsJson = #"{"display_text":"One","id":"1"}"#
        var select = reply
        select.name = "single_select"
        select.buttonParamsJson = #"{"sections":[{"rows":[{"id":"2","title":"Two"}]}]}"#
        var broken = reply
        broken.buttonParamsJson = "{{{"
        flow.interactiveMessage.nativeFlowMessage.buttons = [reply, select, broken]
        guard case .menu(let menu) = MessageContent(flow).body else {
            Issue.record("no menu")
            return
        }
        #expect(menu.text == "Choose")
        #expect(menu.options.map(\.id) == ["1", "2"])
        var many = WAMessage()
        many.listMessage.sections = Array(repeating: WAListMessage.Section(), count: 1_000)
        for index in many.listMessage.sections.indices {
            many.listMessage.sections[index].rows = Array(repeating: WAListMessage.Row(), count: 100)
        }
        guard case .menu(let long) = MessageContent(many).body else {
            Issue.record("no menu")
            return
        }
        #expect(long.options.count == MessageContent.choiceLimit)
    }

    @Test func targetsAreResolvedForThisAccount() throws {
        let own = MessageFixtures.own
        let peer = MessageFixtures.peer
        var key = WAMessageKey()
        key.id = "A"
        key.fromMe = true
        key.remoteJid = "somewhere@g.us"
        let theirs = try #require(MessageReference(key))
            .resolved(in: peer, sender: peer, isSenderMe: false, own: own)
        #expect(theirs == MessageTarget(chat: peer, id: "A", isFromMe: false, author: peer))
        key.fromMe = false
        let mine = try #require(MessageReference(key)).resolved(in: peer, sender: peer, isSenderMe: false, own: own)
        #expect(mine == MessageTarget(chat: peer, id: "A", isFromMe: true, author: own))
        key.participant = "15559999@s.whatsapp.net"
        let others = try #require(MessageReference(key))
            .resolved(in: MessageFixtures.group, sender: peer, isSenderMe: false, own: own)
        #expect(others.author == JID(user: "15559999", server: .user))
        #expect(!others.isFromMe)
        key.id = String(repeating: "A", count: 129)
        #expect(MessageReference(key) == nil)
    }

    @Test func sentKindsAreReceivedAsTheSame() throws {
        let media = MessageFixtures.media()
        let target = MessageFixtures.target()
        let secret = AddOnTarget(message: target, secret: [UInt8](repeating: 1, count: 32))
        let row = OutgoingList.Row(id: "r", title: "Row")
        let kinds: [(OutgoingContent, MessageKind)] = [
            (.text(OutgoingText("a")), .text), (.image(OutgoingImage(media: media)), .image),
            (.video(OutgoingVideo(media: media)), .video), (.video(OutgoingVideo(media: media, style: .gif)), .gif),
            (.video(OutgoingVideo(media: media, style: .note)), .videoNote),
            (.audio(OutgoingAudio(media: media, isVoiceNote: true)), .voice),
            (.audio(OutgoingAudio(media: media, isVoiceNote: false)), .audio),
            (.document(OutgoingDocument(media: media, mimeType: "a/b", fileName: "f", caption: "c")), .document),
            (.sticker(OutgoingSticker(media: media)), .sticker),
            (.contacts([ContactCard(displayName: "A", vCard: "BEGIN:VCARD")]), .contact),
            (.location(OutgoingLocation(latitude: 0, longitude: 0)), .location),
            (.liveLocation(OutgoingLiveLocation(latitude: 0, longitude: 0)), .liveLocation),
            (.poll(OutgoingPoll(name: "q", options: ["a", "b"])), .poll),
            (.vote(OutgoingVote(poll: secret, options: ["a"])), .pollVote),
            (.event(OutgoingEvent(name: "e", start: MessageFixtures.now)), .event),
            (.eventResponse(OutgoingEventResponse(event: secret, answer: .going)), .eventResponse),
            (.reaction(target, "x"), .reaction), (.sealedReaction(secret, "x"), .reaction),
            (.edit(OutgoingEdit(target: target, text: OutgoingText("n"))), .edit), (.revoke(target), .revoke),
            (.pin(target, .day), .pin), (.keep(target, isKept: true), .keep), (.disappearingTimer(.day), .timer),
            (.album(images: 2, videos: 0), .album),
            (.buttons(OutgoingButtons(text: "t", buttons: [.init(id: "1", title: "1")])), .buttons),
            (
                .list(OutgoingList(title: "", text: "t", buttonTitle: "b", sections: [.init(title: "", rows: [row])])),
                .list
            ),
            (
                .interactive(OutgoingInteractive(text: "t", buttons: [.init(name: "cta_url", parameters: "{}")])),
                .interactive
            ),
        ]
        var random = SystemRandomNumberGenerator()
        for (content, kind) in kinds {
            let message = try MessageFixtures.builder().build(OutgoingMessage(content), using: &random)
            #expect(MessageContent(message).kind == kind)
            #expect(MessageKind(of: message) == kind)
        }
    }

    @Test func carriersAreEmpty() {
        var message = WAMessage()
        message.senderKeyDistributionMessage.groupID = "g@g.us"
        message.messageContextInfo.messageSecret = Data([1])
        #expect(MessageContent(message).kind == .empty)
        message.bcallMessage = Data([1])
        #expect(MessageContent(message).kind == .unknown)
    }

    @Test func cardsTellTheirNumbers() throws {
        let card = ContactCard(name: "A", number: try PhoneNumber(parsing: "15550001234"))
        #expect(card.numbers == ["15550001234"])
    }
}
