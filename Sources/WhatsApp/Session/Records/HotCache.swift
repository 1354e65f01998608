/// Values of one kind of record, decoded, with the knowledge of which do not exist; the coldest go first.
struct HotCache<Value> {
    struct Entry {
        /// Nil where the store has none.
        var value: Value?
        var lastUse: UInt64
        /// The number of the commit that writes it; 0 when nothing is to be written.
        var commit: UInt64
        /// Its length as it is stored.
        var weight = 0
    }

    private var entries: [String: Entry] = [:]
    private var clock: UInt64 = 0
    /// The clock when it was cooled last.
    private var horizon: UInt64 = 0
    /// Changed and not yet handed to the store.
    private(set) var changed: Set<String> = []
    let limit: Int
    let byteLimit: Int
    private(set) var bytes = 0

    init(limit: Int, bytes: Int = .max) {
        self.limit = limit
        byteLimit = bytes
    }

    var count: Int { entries.count }

    /// Those whose names fit.
    func names(where isWanted: (String) -> Bool) -> [String] { entries.keys.filter(isWanted) }

    func contains(_ name: String) -> Bool { entries[name] != nil }

    subscript(name: String) -> Value? {
        mutating get {
            guard let index = entries.index(forKey: name) else { return nil }
            clock &+= 1
            entries.values[index].lastUse = clock
            return entries.values[index].value
        }
    }

    /// Takes what the store had, unless something newer is here already; `weight` is its length there.
    mutating func load(_ name: String, _ value: Value?, weight: Int = 0) {
        guard entries[name] == nil else { return }
        clock &+= 1
        entries[name] = Entry(value: value, lastUse: clock, commit: 0, weight: weight)
        bytes += weight
    }

    /// Notes a value's length as it is written.
    mutating func weigh(_ name: String, _ weight: Int) {
        guard let index = entries.index(forKey: name) else { return }
        bytes += weight - entries.values[index].weight
        entries.values[index].weight = weight
    }

    /// Changes a value; `commit` is the number of the batch that is going to write it.
    mutating func set(_ name: String, _ value: Value?, commit: UInt64) {
        clock &+= 1
        entries[name] = Entry(value: value, lastUse: clock, commit: commit, weight: entries[name]?.weight ?? 0)
        changed.insert(name)
    }

    /// What has changed since the last call, with nil for what is to be deleted.
    mutating func takeChanges() -> [(name: String, value: Value?)] {
        guard !changed.isEmpty else { return [] }
        let taken = changed.map { (name: $0, value: entries[$0]?.value) }
        changed = []
        return taken
    }

    /// Drops the coldest of what is durable while there is more than the limit, by number or by size.
    mutating func evict(committed: UInt64) {
        guard entries.count > limit || bytes > byteLimit else { return }
        let clean = entries.filter { $0.value.commit <= committed && !changed.contains($0.key) }
        for (name, entry) in clean.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
            guard entries.count > limit * 3 / 4 || bytes > byteLimit / 4 * 3, entries.count > 1 else { return }
            entries[name] = nil
            bytes -= entry.weight
        }
    }

    /// Drops what is durable and has not been used since the last call.
    mutating func cool(committed: UInt64) {
        defer { horizon = clock }
        let isCold: (String, Entry) -> Bool = { [horizon, changed] name, entry in
            entry.lastUse <= horizon && entry.commit <= committed && !changed.contains(name)
        }
        guard entries.contains(where: { isCold($0.key, $0.value) }) else { return }
        entries = entries.filter { !isCold($0.key, $0.value) }
        bytes = entries.values.reduce(0) { $0 + $1.weight }
    }
}
