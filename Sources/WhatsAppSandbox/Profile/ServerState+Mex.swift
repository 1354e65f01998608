import Foundation
import WhatsAppWire

extension ServerState {
    /// The stored queries that are answered, by the identifiers of the client that the sandbox knows.
    enum MexOperation: String {
        case newsletter = "27456920720571478"
        case subscribed = "25399611239711790"
        case create = "25149874324715067"
        case update = "24250201037901610"
        case follow = "24404358912487870"
        case leave = "9767147403369991"
        case mute = "31938993655691868"
        case delete = "30062808666639665"
        case reachOutLock = "23983697327930364"
        case newChatCap = "27910975521856601"
        case textStatus = "9152604461510864"
    }

    /// Namespace `w:mex`: JSON in, JSON out.
    mutating func mexRequest(_ iq: BinaryNode, from address: DeviceAddress, on id: ConnectionID) {
        guard
            let query = iq.child("query"), let name = query.attributes.text("query_id"),
            let operation = MexOperation(rawValue: name), let bytes = query.bytes, bytes.count <= 8 << 20,
            let request = try? JSONDecoder().decode(MexRequest.self, from: Data(bytes))
        else { return reply(to: iq, children: [Self.mexError(400, "unknown query")], on: id) }
        let variables = request.variables
        switch operation {
        case .reachOutLock:
            mexReply(iq, "xwa2_fetch_account_reachout_timelock", Self.lock(accounts[address.number].limits), on: id)
        case .newChatCap:
            mexReply(iq, "xwa2_message_capping_info", Self.cap(accounts[address.number].limits), on: id)
        case .textStatus:
            guard let text = variables.input?.text, text.utf8.count <= 4_096 else {
                return reply(to: iq, children: [Self.mexError(406, "text")], on: id)
            }
            mexReply(iq, "xwa2_update_text_status", ["result": "SUCCESS"], on: id)
            setAbout(text, of: address.number, by: address)
        default:
            add(.save)
            channelQuery(operation, variables, iq, from: address, on: id)
        }
    }

    mutating func mexReply(_ iq: BinaryNode, _ name: String, _ value: Any, on id: ConnectionID) {
        reply(to: iq, children: [BinaryNode("result", text: Self.json(["data": [name: value]]))], on: id)
    }

    static func mexError(_ code: Int, _ text: String) -> BinaryNode {
        let error: [String: Any] = ["message": text, "extensions": ["error_code": code]]
        return BinaryNode("result", text: json(["data": NSNull(), "errors": [error]]))
    }

    static func json(_ value: [String: Any]) -> String {
        guard let data = try? JSONSerialization.data(withJSONObject: value, options: [.sortedKeys]) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }

    // MARK: Limits

    private static func lock(_ limits: AccountLimits) -> [String: Any] {
        var value: [String: Any] = [
            "is_active": limits.isReachOutLocked, "enforcement_type": "RESTRICT_ALL_COMPANIONS",
        ]
        if let ends = limits.lockEnds { value["time_enforcement_ends"] = String(ends) }
        return value
    }

    private static func cap(_ limits: AccountLimits) -> [String: Any] {
        guard let total = limits.newChatsTotal else {
            return ["capping_status": "NONE", "used_quota": limits.newChatsUsed]
        }
        return [
            "capping_status": limits.newChatsUsed >= total ? "CAPPED" : "NONE", "used_quota": limits.newChatsUsed,
            "total_quota": total,
        ]
    }

    /// Puts limits on an account and tells its devices.
    mutating func setLimits(_ limits: AccountLimits, of number: String) throws(SandboxError) {
        guard phones[number] != nil else { throw .unknownPhone }
        let before = accounts[number].limits
        accounts[number].limits = limits
        add(.save)
        if before.isReachOutLocked != limits.isReachOutLocked || before.lockEnds != limits.lockEnds {
            mexNotify(
                "NotificationUserReachoutTimelockUpdate",
                ["xwa2_notify_account_reachout_timelock": Self.lock(limits)],
                to: number
            )
        }
        if before.newChatsUsed != limits.newChatsUsed || before.newChatsTotal != limits.newChatsTotal {
            mexNotify(
                "MessageCappingInfoNotification",
                ["xwa2_notify_message_capping_info": Self.cap(limits)],
                to: number
            )
        }
    }

    mutating func mexNotify(
        _ operation: String,
        _ data: [String: Any],
        to number: String,
        except address: DeviceAddress? = nil
    ) {
        let update = BinaryNode("update", ["op_name": .text(operation)], text: Self.json(["data": data]))
        for target in allDevices(of: number) where target.device != 0 && target != address {
            notify("mex", update, from: number, to: target)
        }
    }
}

/// The body of a stored query; whatever a query does not know is left out.
struct MexRequest: Decodable {
    struct Variables: Decodable {
        var input: Input?
        var newsletterID: String?
        var updates: Updates?

        enum CodingKeys: String, CodingKey {
            case input, updates
            case newsletterID = "newsletter_id"
        }
    }

    struct Input: Decodable {
        var key: String?
        var type: String?
        var name: String?
        var description: String?
        var value: String?
        var text: String?
        var newsletterID: String?

        enum CodingKeys: String, CodingKey {
            case key, type, name, description, value, text
            case newsletterID = "newsletter_id"
        }
    }

    struct Updates: Decodable {
        struct Settings: Decodable {
            struct Codes: Decodable {
                var value: String?
            }

            var reactionCodes: Codes?

            enum CodingKeys: String, CodingKey {
                case reactionCodes = "reaction_codes"
            }
        }

        var name: String?
        var description: String?
        var settings: Settings?
    }

    var variables: Variables
}
