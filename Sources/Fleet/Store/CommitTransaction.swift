import Database
import WhatsApp

/// One transaction: the batches of many sessions as a few statements over arrays.
///
/// Carried out twice it has the effect of once: records are set, and a message that is there with the very same sealed bytes
/// was written by this transaction.
struct CommitTransaction {
    /// What ``require_session_leases`` raises.
    static let leaseLost = "WL001"

    private var ids = SQLColumn<SessionID.RawValue>()
    private var epochs = SQLColumn<Int64>()
    private var credentials = CredentialsRows()
    private var records = RecordRows()
    private var messages = MessageRows()
    private var changes = MessageChangeRows()
    private var people = ContactRows()
    private var chats = ChatRows()
    /// Per entry, what it is told when all went well.
    private var receipts: [CommitReceipt]

    init(_ entries: [CommitWriter.Entry]) {
        receipts = Array(repeating: CommitReceipt(), count: entries.count)
        var places: [ObjectIdentifier: Int] = [:]
        var groups: [[Int]] = []
        for (index, entry) in entries.enumerated() {
            let identifier = ObjectIdentifier(entry.store)
            if let place = places[identifier] {
                groups[place].append(index)
            } else {
                places[identifier] = groups.count
                groups.append([index])
            }
        }
        for group in groups { add(group, of: entries) }
    }

    private mutating func add(_ group: [Int], of entries: [CommitWriter.Entry]) {
        guard let first = group.first else { return }
        let store = entries[first].store
        ids.append(store.session.rawValue)
        epochs.append(store.epoch)
        let origins = group.flatMap { index in
            entries[index].batch.messages.indices.map { MessageRows.Origin(entry: index, position: $0) }
        }
        var batch = entries[first].batch
        for index in group.dropFirst() { batch.absorb(entries[index].batch) }

        let seal = RowSeal(session: store.session, key: store.key)
        if let new = batch.credentials { credentials.add(new, seal) }
        records.add(batch, seal)
        for double in messages.add(batch.messages, from: origins, seal) {
            receipts[double.entry].duplicates.insert(double.position)
        }
        messages.add(batch.statuses, of: store.session)
        changes.add(batch, of: store.session)
        people.add(batch.contacts.merged, of: store.session)
        chats.add(MergedChats(batch.chats), of: store.session)
    }

    /// Carries it out and returns the receipts in the order of the entries.
    func run(on database: Database, worker: WorkerID) async throws(DatabaseError) -> [CommitReceipt] {
        var statements: [SQL] = ["SELECT require_session_leases(\(worker), \(ids), \(epochs))"]
        statements += credentials.statements
        statements += records.statements
        let messagesAt = statements.count
        statements += messages.statements
        statements += changes.statements
        statements += people.statements
        statements += chats.statements

        let outcomes = try await database.pipeline(statements)
        for case .failed(let error) in outcomes { throw error }
        guard messages.count > 0, outcomes.indices.contains(messagesAt),
            case .done(_, let written) = outcomes[messagesAt], written < messages.count
        else { return receipts }
        var receipts = receipts
        for double in try await messages.doubles(in: database) {
            receipts[double.entry].duplicates.insert(double.position)
        }
        return receipts
    }

    /// The claims of which the worker holds none any more.
    func staleClaims(in database: Database, worker: WorkerID) async throws -> Set<Claim> {
        let rows = try await database.query(
            """
            SELECT claim.session_id, claim.epoch
            FROM unnest(\(ids), \(epochs)) AS claim (session_id, epoch)
            LEFT JOIN session_leases AS lease
                ON lease.session_id = claim.session_id AND lease.epoch = claim.epoch AND lease.worker = \(worker)
            WHERE lease.session_id IS NULL
            """
        )
        var stale: Set<Claim> = []
        for row in rows {
            stale.insert(Claim(session: try row.decode("session_id"), epoch: try row.decode("epoch")))
        }
        return stale
    }

    /// What a store says it holds.
    struct Claim: Hashable {
        let session: SessionID
        let epoch: Int64
    }
}

/// Seals what belongs to one session.
struct RowSeal {
    let session: SessionID
    let key: DataKey
}

/// Rows of `session_credentials`.
struct CredentialsRows {
    private var sessions = SQLColumn<SessionID.RawValue>()
    private var contents = SQLColumn<[UInt8]>()

    mutating func add(_ credentials: Credentials, _ seal: RowSeal) {
        sessions.append(seal.session.rawValue)
        let form = CredentialsForm.encode(credentials)
        contents.append(seal.key.seal(form, in: .credentials(of: seal.session)))
    }

    var statements: [SQL] {
        guard sessions.count > 0 else { return [] }
        return [
            """
            INSERT INTO session_credentials (session_id, content)
            SELECT row.session_id, row.content
            FROM unnest(\(sessions), \(contents)) AS row (session_id, content)
            ON CONFLICT (session_id) DO UPDATE SET content = EXCLUDED.content, updated_at = now()
            """
        ]
    }
}
