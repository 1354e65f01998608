import WhatsAppWire

extension ServerState {
    /// A device shows itself or asks for somebody.
    mutating func accountPresence(_ node: BinaryNode, from address: DeviceAddress, on id: ConnectionID) {
        switch node.attributes.text("type") {
        case "subscribe":
            guard let jid = node.attributes.jid("to"), let number = number(of: jid) else { return }
            accounts.watchers[number, default: [:]][id] = jid.withoutDevice
            sendPresence(of: number, named: jid.withoutDevice, to: id)
        case "available":
            guard accounts.available.insert(id).inserted else { return }
            tellPresence(of: address.number)
        case "unavailable": goesOffline(id, address)
        default: break
        }
    }

    /// A connection that was shown as online is gone, or says that it is not there.
    mutating func goesOffline(_ id: ConnectionID, _ address: DeviceAddress) {
        guard accounts.available.remove(id) != nil else { return }
        accounts.lastSeen[address.number] = unixTime
        tellPresence(of: address.number)
    }

    /// Nobody is told anything on a connection that is gone.
    mutating func forgetWatcher(_ id: ConnectionID) {
        for number in accounts.watchers.keys { accounts.watchers[number]?[id] = nil }
        accounts.watchers = accounts.watchers.filter { !$0.value.isEmpty }
    }

    private mutating func tellPresence(of number: String) {
        for (id, jid) in accounts.watchers[number] ?? [:] { sendPresence(of: number, named: jid, to: id) }
    }

    private mutating func sendPresence(of number: String, named jid: JID, to id: ConnectionID) {
        let isOnline = accounts.available.contains { connections[$0]?.device?.number == number }
        var node = BinaryNode("presence", ["from": .jid(jid)])
        if !isOnline {
            node.attributes["type"] = "unavailable"
            let isHidden = accounts[number].privacy["last"] != "all"
            let last = accounts.lastSeen[number].map { String($0) } ?? "none"
            node.attributes["last"] = .text(isHidden ? "deny" : last)
        }
        send(node, to: id)
    }

    // MARK: Calls

    /// A phone calls an account: all devices of it ring.
    mutating func startCall(from caller: String, to callee: String, isVideo: Bool) throws(SandboxError) -> SandboxCall {
        guard phones[caller] != nil, phones[callee] != nil else { throw .unknownPhone }
        guard caller != callee else { throw .invalid(field: "callee", reason: "A phone cannot call itself.") }
        let call = SandboxCall(
            id: "CALL" + accounts.newID(),
            caller: caller,
            callee: callee,
            isVideo: isVideo,
            state: .ringing
        )
        accounts.calls[call.id] = call
        add(.save)
        // Whoever is blocked hears it ring for nobody.
        guard !isBlocked(caller, by: callee) else { return call }
        var children = [BinaryNode("audio", ["enc": "opus", "rate": "16000"])]
        if isVideo { children.append(BinaryNode("video", ["enc": "vp8"])) }
        tell(call, "offer", [:], children)
        return call
    }

    /// The caller gives up.
    mutating func endCall(_ id: String) throws(SandboxError) {
        guard var call = accounts.calls[id] else { throw .invalid(field: "call", reason: "There is no such call.") }
        guard call.state == .ringing else { return }
        call.state = .ended
        accounts.calls[id] = call
        add(.save)
        tell(call, "terminate", ["reason": "timeout"], [])
    }

    /// A device's stanza about a call; a refusal ends the ringing everywhere.
    mutating func callStanza(_ node: BinaryNode, from address: DeviceAddress) {
        guard
            let reject = node.child("reject"), let id = reject.attributes.text("call-id"),
            var call = accounts.calls[id], call.callee == address.number, call.state == .ringing
        else { return }
        call.state = .rejected
        accounts.calls[id] = call
        add(.save)
        tell(call, "terminate", ["reason": "rejected_elsewhere"], [], except: address)
    }

    private mutating func tell(
        _ call: SandboxCall,
        _ tag: String,
        _ extra: BinaryNode.Attributes,
        _ children: [BinaryNode],
        except address: DeviceAddress? = nil
    ) {
        let caller = BinaryNode.Value.jid(jid(of: DeviceAddress(number: call.caller, device: 0), by: .lid))
        for target in allDevices(of: call.callee) where target.device != 0 && target != address {
            let stanza = newStanzaID()
            var child = BinaryNode(tag, ["call-id": .text(call.id), "call-creator": caller], children: children)
            for attribute in extra { child.attributes[attribute.key] = attribute.value }
            let node = BinaryNode(
                "call",
                ["from": caller, "id": .text(stanza), "t": .text(String(unixTime))],
                children: [child]
            )
            deliver(node, id: stanza, to: target)
        }
    }
}
