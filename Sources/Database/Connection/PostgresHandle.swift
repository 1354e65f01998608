import CLibPQ
import Glibc

/// The one owner of a libpq connection; no pointer of libpq's leaves it.
///
/// It is used by one thread at a time, which sleeps in `poll` while it waits: for the server, for room to send, for the time
/// limit, and for the wish of the caller to stop.
final class PostgresHandle {
    private let connection: OpaquePointer
    private let wake: WakeDescriptor
    private var cancelRequest: CancelRequest?
    private var isAbandoned = false

    /// Connects and signs in.
    ///
    /// - Throws: ``DatabaseError/unreachable(sqlState:)``, or `cancelled` on the caller's wish.
    init(connectingTo target: ConnectionString, wake: WakeDescriptor, patience: Patience) throws(DatabaseError) {
        var started: OpaquePointer?
        target.withPointers { keywords, values in
            started = PQconnectStartParams(keywords, values, 0)
        }
        guard let started else { throw .unreachable(sqlState: nil) }
        connection = started
        self.wake = wake
        // What the server says beside its results would go to standard error.
        PQsetNoticeReceiver(connection, { _, _ in }, nil)
        // Error texts quote data; the state alone does not.
        PQsetErrorVerbosity(connection, PQERRORS_SQLSTATE)
        try finishConnecting(patience)
        PQsetnonblocking(connection, 1)
    }

    deinit {
        PQfinish(connection)
    }

    /// The socket, for as long as the connection stands.
    var socket: Int32 { PQsocket(connection) }

    /// Whether the connection is of no use any more.
    var isBroken: Bool { isAbandoned || PQstatus(connection) == CONNECTION_BAD }

    /// Whether neither a transaction nor a statement is under way.
    var isIdle: Bool { PQtransactionStatus(connection) == PQTRANS_IDLE }

    /// Whether a transaction is open, failed or not.
    var isInTransaction: Bool {
        [PQTRANS_INTRANS, PQTRANS_INERROR].contains(PQtransactionStatus(connection))
    }

    /// Makes the connection unusable, after something from which there is no way back.
    func abandon() {
        isAbandoned = true
    }

    // MARK: Sending

    func send(script: String) throws(DatabaseError) {
        try sent(PQsendQuery(connection, script))
    }

    func send(_ text: String, _ parameters: ParameterBlock) throws(DatabaseError) {
        let code = parameters.withPointers { values in
            PQsendQueryParams(
                connection,
                text,
                parameters.count,
                parameters.types,
                values,
                parameters.lengths,
                parameters.formats,
                1
            )
        }
        try sent(code)
    }

    func sendPrepare(_ name: String, _ text: String, types: [UInt32]) throws(DatabaseError) {
        try sent(PQsendPrepare(connection, name, text, Int32(clamping: types.count), types))
    }

    func send(prepared name: String, _ parameters: ParameterBlock) throws(DatabaseError) {
        let code = parameters.withPointers { values in
            PQsendQueryPrepared(
                connection,
                name,
                parameters.count,
                values,
                parameters.lengths,
                parameters.formats,
                1
            )
        }
        try sent(code)
    }

    func enterPipeline() throws(DatabaseError) {
        try sent(PQenterPipelineMode(connection))
    }

    func endBatch() throws(DatabaseError) {
        try sent(PQpipelineSync(connection))
    }

    func leavePipeline() throws(DatabaseError) {
        try sent(PQexitPipelineMode(connection))
    }

    private func sent(_ code: Int32) throws(DatabaseError) {
        guard code == 1 else {
            isAbandoned = true
            throw .connectionLost
        }
    }

    // MARK: Receiving

    /// The next result of what was sent; nil after the last one of a statement.
    ///
    /// - Throws: `connectionLost`, or `timeout` or `cancelled` when the server did not react to being stopped.
    func nextResult(_ patience: inout Patience) throws(DatabaseError) -> QueryResult? {
        while try hasUnsentBytes() || PQisBusy(connection) == 1 {
            try waitForServer(&patience)
        }
        return PQgetResult(connection).map(QueryResult.init)
    }

    /// Waits until a stop request, if there was one, can do no more harm to the next statement.
    func settle(_ patience: inout Patience) {
        while let request = cancelRequest {
            guard !request.isFinished else {
                cancelRequest = nil
                return
            }
            do throws(DatabaseError) {
                try sleep(PollDescriptors(wake: wake.descriptor), &patience)
            } catch {
                isAbandoned = true
                cancelRequest = nil
            }
        }
    }

    /// The texts of notices that have come, or that come before the time is over; empty then.
    func notices(_ patience: inout Patience) throws(DatabaseError) -> [String] {
        while true {
            guard PQconsumeInput(connection) == 1 else {
                isAbandoned = true
                throw .connectionLost
            }
            var texts: [String] = []
            while let notice = PQnotifies(connection) {
                texts.append(String(cString: notice.pointee.extra))
                PQfreemem(notice)
            }
            guard texts.isEmpty else { return texts }
            // Nothing is under way that could be stopped: what ends the wait is all that counts.
            guard case .wait(let limit) = patience.verdict() else {
                guard patience.reason == .timeout else { throw .cancelled }
                return []
            }
            var descriptors = PollDescriptors(wake: wake.descriptor, socket: socket, events: POLLIN)
            if descriptors.poll(for: limit), descriptors.isWakeReady { wake.reset() }
        }
    }

    private func hasUnsentBytes() throws(DatabaseError) -> Bool {
        let code = PQflush(connection)
        guard code >= 0 else { throw .connectionLost }
        return code == 1
    }

    private func waitForServer(_ patience: inout Patience) throws(DatabaseError) {
        let events = try hasUnsentBytes() ? POLLIN | POLLOUT : POLLIN
        let ready = try sleep(PollDescriptors(wake: wake.descriptor, socket: socket, events: events), &patience)
        guard ready.isSocketReady else { return }
        guard PQconsumeInput(connection) == 1 else { throw .connectionLost }
    }

    /// Sleeps until something happens, and asks the server to stop the statement when it is time to.
    @discardableResult
    private func sleep(
        _ descriptors: PollDescriptors,
        _ patience: inout Patience
    ) throws(DatabaseError) -> PollDescriptors {
        var descriptors = descriptors
        switch patience.verdict() {
        case .wait(let duration):
            if descriptors.poll(for: duration), descriptors.isWakeReady { wake.reset() }
        case .stop:
            // One at a time: an earlier request that is still on its way will do.
            if cancelRequest?.isFinished != false {
                cancelRequest = CancelRequest(connection: connection, wake: wake)
            }
        case .giveUp:
            isAbandoned = true
            throw patience.reason ?? .connectionLost
        }
        return descriptors
    }

    // MARK: Connecting

    private func finishConnecting(_ patience: Patience) throws(DatabaseError) {
        var patience = patience
        while true {
            let events: Int32
            switch PQconnectPoll(connection) {
            case PGRES_POLLING_OK: return
            case PGRES_POLLING_READING: events = POLLIN
            case PGRES_POLLING_WRITING: events = POLLOUT
            default: throw .unreachable(sqlState: refusal)
            }
            guard case .wait(let duration) = patience.verdict() else {
                throw patience.reason == .cancelled ? .cancelled : .unreachable(sqlState: nil)
            }
            var descriptors = PollDescriptors(wake: wake.descriptor, socket: socket, events: events)
            if descriptors.poll(for: duration), descriptors.isWakeReady { wake.reset() }
        }
    }

    /// The server's reason for turning us away.
    ///
    /// A refusal has no result to read fields from. At the verbosity chosen above, its text ends in the state: `FATAL:  28P01`.
    private var refusal: String? {
        guard let text = PQerrorMessage(connection).map({ String(cString: $0) }),
            let mark = text.firstRange(of: "FATAL:  ")
        else { return nil }
        let state = text[mark.upperBound...].prefix(5)
        return state.utf8.count == 5 && state.allSatisfy { $0.isLetter || $0.isNumber } ? String(state) : nil
    }
}
