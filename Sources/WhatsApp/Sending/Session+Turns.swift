internal import WhatsAppWire

extension Session {
    /// Takes the next place among those who send to a chat; `leave` must follow on every path.
    func takePlace(in chat: JID) throws(SendError) -> SendingLines.Place {
        let name = lineName(of: chat)
        guard !sending.lines.isOccupied(name) || sending.lines.waitingCount < environment.limits.waitingSends else {
            throw .tooManyWaiting(limit: environment.limits.waitingSends)
        }
        return takePlaceAnyway(in: chat)
    }

    /// The same, however many wait.
    func takePlaceAnyway(in chat: JID) -> SendingLines.Place {
        let name = lineName(of: chat)
        let isUnresolved = name.server == .user && isLIDMigrated && hot.lids[name.user] == nil
        return sending.lines.takePlace(name, isUnresolved: isUnresolved)
    }

    /// Waits until those who took their places before have sent, under either name of a person.
    func turn(of place: SendingLines.Place, in chat: JID) async throws(SendError) {
        let name = lineName(of: chat)
        guard name.isPerson else { return await wait(for: place, isNew: false) }
        let other: JID?
        do {
            other = name.server == .lid ? try await phone(of: name) : try await lid(of: name)
        } catch {
            throw .request(error)
        }
        unite(chat.withoutDevice, name)
        if let other {
            unite(name, other)
            resolve(place)
            return await wait(for: place, isNew: false)
        }
        await wait(for: place, isNew: name.server == .lid)
        guard name.server == .user, isLIDMigrated, hot.lids[name.user] == nil, !isOwn(name) else {
            return resolve(place)
        }
        do {
            // What it brings is learned, and with that the lines of both names become one.
            try await queryDevices(of: [name])
        } catch {
            throw .request(error)
        }
        resolve(place)
        await wait(for: place, isNew: false)
    }

    func leave(_ place: SendingLines.Place) {
        if sending.lines.resolve(place) { wakeLines() }
        guard let next = sending.lines.leave(place), let waiter = sending.waiters[next],
            sending.lines.isTurn(next, isNew: waiter.isNew)
        else { return }
        sending.waiters[next] = nil
        waiter.continuation.resume()
    }

    /// A phone number and a LID are one person: so are those who send to them.
    func unite(_ one: JID, _ other: JID) {
        guard !sending.lines.isEmpty, sending.lines.unite(one, other) else { return }
        wakeLines()
    }

    private func resolve(_ place: SendingLines.Place) {
        if sending.lines.resolve(place) { wakeLines() }
    }

    /// Takes a place again that has been left; those who have not sent yet wait.
    func retake(_ place: SendingLines.Place, in chat: JID) {
        sending.lines.retake(place, lineName(of: chat))
    }

    func wait(for place: SendingLines.Place, isNew: Bool) async {
        while !sending.lines.isTurn(place, isNew: isNew) {
            let continuation = LoopContinuation<Void>(executor)
            sending.waiters[place] = SendingState.Waiter(isNew: isNew, continuation: continuation)
            await continuation.value()
        }
    }

    private func wakeLines() {
        guard !sending.waiters.isEmpty else { return }
        let ready = sending.waiters.filter { sending.lines.isTurn($0.key, isNew: $0.value.isNew) }
        for (place, waiter) in ready.sorted(by: { $0.key < $1.key }) {
            sending.waiters[place] = nil
            waiter.continuation.resume()
        }
    }

    /// The name that a chat's line goes by: a person's LID where it is at hand.
    private func lineName(of chat: JID) -> JID {
        let name = chat.withoutDevice
        if isOwn(name), let lid = credentials.account?.lid { return lid.withoutDevice }
        guard name.server == .user, let lid = hot.lids[name.user] else { return name }
        return JID(user: lid, server: .lid)
    }

    private func isOwn(_ jid: JID) -> Bool {
        credentials.account.map { MessageEnvelope.isOwn(jid, $0) } ?? false
    }
}
