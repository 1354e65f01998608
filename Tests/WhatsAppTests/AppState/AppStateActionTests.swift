import Foundation
import Testing
import WhatsApp
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppWire

struct AppStateActionTests {
    private static let chat = JID(user: "15550001111", server: .user)
    private static let lid = JID(user: "123456789012345", server: .lid)
    private static let group = JID(user: "1203630000", server: .group)
    private static let moment = Date(timeIntervalSince1970: 1_700_000_000)
    private static let message = AppStateMessage(chat: group, id: "3EB0AA", isFromMe: false, participant: lid)
    private static let range = AppStateMessageRange(
        lastMessageAt: moment,
        messages: [.init(message: message, timestamp: moment)]
    )

    static let actions: [AppStateAction] = [
        .mute(chat: chat, until: .distantFuture), .mute(chat: chat, until: moment), .mute(chat: chat, until: nil),
        .pin(chat: chat, true), .archive(chat: chat, false, range), .markRead(chat: group, true, range),
        .star(message, true), .star(AppStateMessage(chat: chat, id: "A", isFromMe: true), false),
        .deleteForMe(message, deletesMedia: true, sentAt: moment),
        .clear(chat: chat, deletesStarred: true, deletesMedia: false, range),
        .delete(chat: chat, deletesMedia: true, AppStateMessageRange()), .lock(chat: chat, true),
        .contact(AppStateContact(jid: chat, fullName: "Ada Byron", firstName: "Ada", lid: lid)),
        .contact(AppStateContact(jid: lid, fullName: "Ada Byron")), .removeContact(chat), .removeContact(lid),
        .pushName("Ada"), .locale("de_DE"), .label(AppStateLabel(id: "7", name: "New", color: 3, position: 2)),
        .labelChat(label: "7", chat: chat, true), .labelMessage(label: "7", chat: group, message: "A", false),
        .quickReply(AppStateQuickReply(id: "1", shortcut: "hi", message: "Hello!", keywords: ["a"], count: 2)),
        .muteStatus(of: lid, true), .linkPreviewsDisabled(true), .unarchivesChats(false),
        .phone(chat, ofLID: lid), .contactTokenSalt([1, 2, 3]), .contactTokenSalt(nil),
    ]

    @Test(arguments: actions)
    func whatIsWrittenReadsTheSame(action: AppStateAction) throws {
        let mutations = action.mutations(at: Self.moment)
        #expect(mutations.count == 1)
        let mutation = try #require(mutations.first)
        #expect(mutation.value.timestamp == 1_700_000_000_000)
        #expect(AppStateAction(mutation) == action)
        let change = AppStateChange(mutation, in: action.collection, isInitial: false)
        #expect(change.action == action)
        #expect(change.timestamp == Self.moment)
    }

    @Test func archivingAlsoUnpins() {
        let mutations = AppStateAction.archive(chat: Self.chat, true, AppStateMessageRange())
            .mutations(at: Self.moment)
        #expect(mutations.map(\.index) == [["archive", "\(Self.chat)"], ["pin_v1", "\(Self.chat)"]])
        #expect(mutations.last.flatMap { AppStateAction($0) } == .pin(chat: Self.chat, false))
    }

    @Test func indexesHaveTheFormThatOtherDevicesRead() {
        let star = AppStateAction.star(Self.message, true).mutations(at: Self.moment)[0]
        #expect(star.index == ["star", "1203630000@g.us", "3EB0AA", "0", "123456789012345@lid"])
        let own = AppStateAction.star(AppStateMessage(chat: Self.chat, id: "B", isFromMe: true), true)
            .mutations(at: Self.moment)[0]
        #expect(own.index == ["star", "15550001111@s.whatsapp.net", "B", "1", "0"])
        let device = JID(user: "15550001111", server: .user, device: 4)
        #expect(
            AppStateAction.mute(chat: device, until: nil).mutations(at: Self.moment)[0].index
                == ["mute", "15550001111@s.whatsapp.net"]
        )
    }

    @Test(arguments: [
        [], ["mute"], ["mute", ""], ["mute", "nobody"], ["star", "1@g.us", "", "0", "0"], ["star", "1@g.us", "A"],
        ["unknown", "x"], ["label_edit"], ["pnForLidChat", "1@s.whatsapp.net"],
    ])
    func whatLacksItsPartsIsNoAction(index: [String]) {
        var value = WASyncActionValue()
        value.muteAction.muted = true
        value.starAction.starred = true
        value.labelEditAction.name = "x"
        value.pnForLidChatAction.pnJid = "1@s.whatsapp.net"
        #expect(AppStateAction(AppStateMutation(.set, index: index, value: value, version: 1)) == nil)
    }

    @Test func theFieldMustFitTheName() {
        let mutation = AppStateMutation(
            .set,
            index: ["mute", "15550001111@s.whatsapp.net"],
            value: WASyncActionValue(),
            version: 2
        )
        #expect(AppStateAction(mutation) == nil)
    }

    @Test func impossibleTimesBecomeForEver() {
        var value = WASyncActionValue()
        value.muteAction.muted = true
        value.muteAction.muteEndTimestamp = .max
        let mutation = AppStateMutation(.set, index: ["mute", "\(Self.chat)"], value: value, version: 2)
        #expect(AppStateAction(mutation) == .mute(chat: Self.chat, until: .distantFuture))
        value.muteAction.muteEndTimestamp = .min
        #expect(
            AppStateAction(AppStateMutation(.set, index: mutation.index, value: value, version: 2))
                == .mute(chat: Self.chat, until: .distantFuture)
        )
    }
}
