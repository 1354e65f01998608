import Foundation
import SignalProtocol
import WhatsAppProtobufs
import WhatsAppWire

extension ServerState {
    /// Checks who logs in; then success, what the device should know, its backlog, and the end of the backlog.
    mutating func logIn(_ id: ConnectionID, payload: WAClientPayload, noisePublicKey: [UInt8]) {
        let number = String(payload.username)
        guard
            let deviceNumber = UInt16(exactly: payload.device),
            let phone = phones[number],
            let device = phone.devices[deviceNumber],
            constantTimeEqual(device.noisePublicKey, noisePublicKey)
        else { return refuse(id, reason: 401) }
        if let refusal = faults.takeRefusal(number: number, device: deviceNumber) {
            return refuse(id, reason: refusal.reason, attributes: refusal.attributes)
        }
        if faults.take(.dropAtLogin, number: number, device: deviceNumber) { return cut(id) }
        let address = DeviceAddress(number: number, device: deviceNumber)
        if let older = online[address] { replace(older) }

        connections[id]?.phase = .linked(address)
        online[address] = id
        phones[number]?.devices[deviceNumber]?.lastSeen = now
        add(.save)
        add(.note(.loggedIn(phone.jid(of: deviceNumber)), id))

        send(
            BinaryNode(
                "success",
                [
                    "t": .text(String(unixTime)), "props": "27", "location": "frc",
                    "lid": .jid(phone.lid(of: deviceNumber)), "abprops": "10",
                    "creation": .text(String(UInt64(max(0, phone.account.createdAt.timeIntervalSince1970)))),
                ]
            ),
            to: id
        )
        send(
            notice(BinaryNode("edge_routing", children: [BinaryNode("routing_info", bytes: Self.routingInfo)])),
            to: id
        )
        let tally = phones[number]?.devices[deviceNumber]?.outbox.tally ?? Outbox.Tally()
        let backlog = phones[number]?.devices[deviceNumber]?.outbox.takeBacklog() ?? []
        let count = BinaryNode.Value.text(String(tally.all))
        send(
            notice(
                BinaryNode(
                    "offline_preview",
                    [
                        "count": count, "message": .text(String(tally.messages)),
                        "notification": .text(String(tally.notifications)),
                        "receipt": .text(String(tally.receipts)), "call": .text(String(tally.calls)),
                        "appdata": "0",
                    ]
                )
            ),
            to: id
        )
        for node in backlog { send(node, to: id) }
        send(notice(BinaryNode("offline", ["count": count])), to: id)
    }

    /// Opaque to clients, which present it again in front of their next prologue.
    private static let routingInfo: [UInt8] = [0x08, 0x0d, 0x10, 0x02, 0x18, 0x07]

    private func notice(_ child: BinaryNode) -> BinaryNode {
        BinaryNode("ib", ["from": .jid(.server)], children: [child])
    }

    /// `<failure reason location t …/>`, then the end.
    mutating func refuse(_ id: ConnectionID, reason: Int, attributes: [String: String] = [:]) {
        var failure = BinaryNode(
            "failure",
            ["reason": .text(String(reason)), "location": "frc", "t": .text(String(unixTime))]
        )
        for (key, value) in attributes.sorted(by: { $0.key < $1.key }) { failure.attributes[key] = .text(value) }
        add(.note(.loginRefused(reason: reason), id))
        send(failure, to: id)
        end(id)
    }

    /// Another connection of the same device came.
    ///
    /// No code attribute: some clients look for its absence.
    private mutating func replace(_ id: ConnectionID) {
        send(BinaryNode("stream:error", children: [BinaryNode("conflict", ["type": "replaced"])]), to: id)
        end(id)
    }

    /// The phone has removed a device that is connected.
    mutating func dismiss(_ id: ConnectionID) {
        send(
            BinaryNode(
                "stream:error",
                ["code": "401"],
                children: [BinaryNode("conflict", ["type": "device_removed"])]
            ),
            to: id
        )
        end(id)
    }
}
