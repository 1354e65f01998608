import Foundation
import SwiftProtobuf
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppWire

/// What a person changes on a simulated phone, as the control API takes it.
struct AppStateOrder: Decodable {
    enum Action: String, Decodable, CaseIterable {
        case mute, pin, archive, star, contact, lock
        case markRead = "mark-read"
        case pushName = "push-name"
        case deleteChat = "delete-chat"
        case clearChat = "clear-chat"
        /// For the person alone.
        case deleteMessage = "delete-message"
        /// A new sync key, which companions get or have to ask for.
        case rotateKey = "rotate-key"
        /// As many mutes at once.
        case many
    }

    var action: String
    /// A phone number, or a JID.
    var chat: String?
    var message: String?
    var fromMe: Bool?
    var participant: String?
    var name: String?
    /// False undoes.
    var on: Bool?
    /// Milliseconds since 1970; without it for ever, and for `clear-chat` until now.
    var until: Int64?
    /// Companions are not given the new key by themselves.
    var withheld: Bool?
    var count: Int?

    func known() throws(SandboxError) -> Action {
        guard let known = Action(rawValue: action) else {
            let names = Action.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalid(field: "action", reason: "One of: \(names).")
        }
        return known
    }

    /// The collection and the mutations that the phone writes; nothing for an order about keys.
    func mutations(at now: Date) throws(SandboxError) -> (AppStateCollection, [AppStateMutation]) {
        var value = WASyncActionValue()
        value.timestamp = Int64(clamping: Int((now.timeIntervalSince1970 * 1000).rounded()))
        let on = on ?? true
        switch try known() {
        case .mute:
            value.muteAction.muted = on
            if on { value.muteAction.muteEndTimestamp = until ?? -1 }
            return (.regularHigh, [set(["mute", try jid(chat, "chat")], value, 2)])
        case .pin:
            value.pinAction.pinned = on
            return (.regularLow, [set(["pin_v1", try jid(chat, "chat")], value, 5)])
        case .archive:
            value.archiveChatAction.archived = on
            value.archiveChatAction.messageRange.lastMessageTimestamp = value.timestamp / 1000
            return (.regularLow, [set(["archive", try jid(chat, "chat")], value, 3)])
        case .markRead:
            value.markChatAsReadAction.read = on
            value.markChatAsReadAction.messageRange.lastMessageTimestamp = value.timestamp / 1000
            return (.regularLow, [set(["markChatAsRead", try jid(chat, "chat")], value, 3)])
        case .lock:
            value.lockChatAction.locked = on
            return (.regularLow, [set(["lock", try jid(chat, "chat")], value, 7)])
        case .deleteChat:
            value.deleteChatAction.messageRange.lastMessageTimestamp = value.timestamp / 1000
            return (.regularHigh, [set(["deleteChat", try jid(chat, "chat"), "1"], value, 6)])
        case .clearChat:
            value.clearChatAction_p.messageRange.lastMessageTimestamp = (until ?? value.timestamp) / 1000
            // `on` here: starred messages go too.
            return (.regularHigh, [set(["clearChat", try jid(chat, "chat"), on ? "1" : "0", "1"], value, 6)])
        case .deleteMessage:
            value.deleteMessageForMeAction.deleteMedia = on
            return (.regularHigh, [set(try index("deleteMessageForMe"), value, 3)])
        case .star:
            value.starAction.starred = on
            return (.regularHigh, [set(try index("star"), value, 2)])
        case .contact:
            let contact = try jid(chat, "chat")
            value.contactAction.fullName = name ?? ""
            value.contactAction.saveOnPrimaryAddressbook = true
            let index = ["contact", contact]
            let mutation = AppStateMutation(on ? .set : .remove, index: index, value: value, version: 2)
            return (.criticalUnblockLow, [mutation])
        case .pushName:
            guard let name, !name.isEmpty, name.utf8.count <= 100 else {
                throw .invalid(field: "name", reason: "A name has 1 to 100 bytes.")
            }
            value.pushNameSetting.name = name
            return (.criticalBlock, [set(["setting_pushName"], value, 1)])
        case .many:
            let count = count ?? 200
            guard (1...20_000).contains(count) else {
                throw .invalid(field: "count", reason: "Between 1 and 20000.")
            }
            value.muteAction.muted = on
            value.muteAction.muteEndTimestamp = -1
            return (
                .regularHigh, (0..<count).map { set(["mute", "\(15_550_000_000 + $0)@s.whatsapp.net"], value, 2) }
            )
        case .rotateKey: return (.regular, [])
        }
    }

    /// Names the order's message.
    private func index(_ name: String) throws(SandboxError) -> [String] {
        guard let message, !message.isEmpty else {
            throw .invalid(field: "message", reason: "This field is missing.")
        }
        let author = try participant.map { text throws(SandboxError) in try jid(text, "participant") } ?? "0"
        return [name, try jid(chat, "chat"), message, fromMe == true ? "1" : "0", author]
    }

    private func set(_ index: [String], _ value: WASyncActionValue, _ version: Int32) -> AppStateMutation {
        AppStateMutation(.set, index: index, value: value, version: version)
    }

    /// A bare JID; digits alone are a phone number.
    private func jid(_ text: String?, _ field: String) throws(SandboxError) -> String {
        guard let text else { throw .invalid(field: field, reason: "This field is missing.") }
        let isNumber = !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard let jid = JID(isNumber ? text + "@s.whatsapp.net" : text), !jid.user.isEmpty else {
            throw .invalid(field: field, reason: "A phone number or a JID.")
        }
        return jid.withoutDevice.description
    }
}

/// An account's app state as the control API shows it.
struct AppStateView: Encodable {
    struct Collection: Encodable {
        let name: String
        let version: UInt64
        let records: [Record]
        /// Why the phone could not read a companion's patch.
        let failure: String?
    }

    struct Record: Encodable {
        let index: [String]
        /// The value as protobuf's JSON.
        let value: String
    }

    let keys: Int
    let collections: [Collection]

    init(_ state: AccountAppState) {
        keys = state.keys.count
        collections = AppStateCollection.allCases.map { name in
            let collection = state[name]
            return Collection(
                name: name.rawValue,
                version: collection.number,
                records: collection.records.values
                    .sorted { $0.index.lexicographicallyPrecedes($1.index) }
                    .prefix(1000)
                    .map { Record(index: $0.index, value: (try? $0.value.jsonString()) ?? "{}") },
                failure: collection.failure
            )
        }
    }
}
