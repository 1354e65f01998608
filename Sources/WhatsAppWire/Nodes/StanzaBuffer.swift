/// Bytes that grow at their end, behind a check of one comparison an item rather than one a byte.
struct StanzaBuffer: ~Copyable {
    private var start: UnsafeMutablePointer<UInt8>
    private var next: UnsafeMutablePointer<UInt8>
    private var end: UnsafeMutablePointer<UInt8>

    init(capacity: Int) {
        start = .allocate(capacity: capacity)
        next = start
        end = start + capacity
    }

    deinit {
        start.deallocate()
    }

    var count: Int { next - start }

    var array: [UInt8] { Array(UnsafeBufferPointer(start: start, count: count)) }

    /// Room for `count` bytes, to be written from the start; the caller says with `advance` how many it wrote.
    ///
    /// The pointer holds until the next call of a mutating function.
    @inline(__always)
    mutating func room(for count: Int) -> UnsafeMutablePointer<UInt8> {
        if end - next < count { grow(by: count) }
        return next
    }

    @inline(__always)
    mutating func advance(by count: Int) {
        next += count
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        room(for: 1)[0] = byte
        next += 1
    }

    @inline(__always)
    mutating func append(_ first: UInt8, _ second: UInt8) {
        let room = room(for: 2)
        room[0] = first
        room[1] = second
        next += 2
    }

    mutating func append(contentsOf bytes: UnsafeBufferPointer<UInt8>) {
        guard let source = bytes.baseAddress else { return }
        room(for: bytes.count).initialize(from: source, count: bytes.count)
        next += bytes.count
    }

    @inline(never)
    private mutating func grow(by count: Int) {
        let written = self.count
        let capacity = max(2 * (end - start), written + count)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.moveInitialize(from: start, count: written)
        start.deallocate()
        start = larger
        next = larger + written
        end = larger + capacity
    }
}
