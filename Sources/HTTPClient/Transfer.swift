import CCurl
import Foundation

/// One request under way: libcurl's handle, and what has come in so far.
///
/// Lives on the client's thread alone. libcurl's callbacks find it through an unretained pointer, so it has to stay in
/// the loop's table until its handle has been taken out of the multi handle.
final class Transfer {
    let order: TransferOrder
    let handle: UnsafeMutableRawPointer
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var headers: [HTTPHeader] = []
    private var headerBytes = 0
    private var body: [UInt8] = []
    private var bodyBytes = 0
    private var isTooLarge = false
    private var fileBody: FileBody?
    private var isBodyUnreadable = false

    private static let headerLimit = 64 << 10

    init(_ order: TransferOrder) throws(HTTPClientError) {
        guard let handle = curl_easy_init() else { throw .failed(code: Int(CURLE_OUT_OF_MEMORY.rawValue)) }
        self.order = order
        self.handle = handle
        do throws(HTTPClientError) {
            try configure()
        } catch {
            free()
            throw error
        }
    }

    func free() {
        curl_easy_cleanup(handle)
        curl_slist_free_all(headerList)
        headerList = nil
    }

    // MARK: Set-up

    private func configure() throws(HTTPClientError) {
        let request = order.request
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_URL, request.url)
        let isSecure = request.url.lowercased().hasPrefix("https://")
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_REDIR_PROTOCOLS_STR, isSecure ? "https" : "http,https")
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try set(CURLOPT_TIMEOUT_MS, milliseconds(request.timeout))
        try set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request.connectTimeout))
        try set(CURLOPT_USERAGENT, order.userAgent)
        switch order.reply {
        case .whole:
            // Every encoding that the library knows; the limit counts what comes out of it.
            try set(CURLOPT_ACCEPT_ENCODING, "")
        case .stream:
            try set(CURLOPT_BUFFERSIZE, 256 << 10)
        }
        if let stall = request.stallTimeout {
            try set(CURLOPT_LOW_SPEED_LIMIT, 1)
            try set(CURLOPT_LOW_SPEED_TIME, (milliseconds(stall) + 999) / 1_000)
        }
        if case .followed(let limit) = request.redirects {
            try set(CURLOPT_FOLLOWLOCATION, 1)
            try set(CURLOPT_MAXREDIRS, max(0, limit))
        }
        if request.isPublicOnly { try check(wharf_curl_set_public_only(handle)) }
        try setMethod(request)
        try setHeaders(request)
        try setCallbacks()
    }

    private func setMethod(_ request: HTTPRequest) throws(HTTPClientError) {
        if let file = request.bodyFile { return try setFile(file, method: request.method) }
        switch request.method {
        case .get where request.body.isEmpty:
            try set(CURLOPT_HTTPGET, 1)
        case .head:
            try set(CURLOPT_NOBODY, 1)
        case .get, .post, .put, .patch, .delete:
            try set(CURLOPT_POST, 1)
            try set(CURLOPT_POSTFIELDSIZE, request.body.count)
            let code = request.body.withUnsafeBytes { bytes in
                // Copied by libcurl, also where there is nothing to copy.
                wharf_curl_set_pointer(
                    handle,
                    CURLOPT_COPYPOSTFIELDS,
                    UnsafeMutableRawPointer(mutating: bytes.baseAddress ?? UnsafeRawPointer(handle))
                )
            }
            try check(code)
            try set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
    }

    private func setFile(_ file: HTTPFileBody, method: HTTPRequest.Method) throws(HTTPClientError) {
        guard let length = curl_off_t(exactly: file.length) else { throw .unreadableBody }
        fileBody = try FileBody(file)
        try set(CURLOPT_POST, 1)
        try set(CURLOPT_UPLOAD_BUFFERSIZE, 256 << 10)
        try check(wharf_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, length))
        try set(CURLOPT_CUSTOMREQUEST, method.rawValue)
        let me = Unmanaged.passUnretained(self).toOpaque()
        try check(wharf_curl_set_pointer(handle, CURLOPT_READDATA, me))
        try check(wharf_curl_set_pointer(handle, CURLOPT_SEEKDATA, me))
        try check(
            wharf_curl_set_data_function(handle, CURLOPT_READFUNCTION) { bytes, size, count, transfer in
                guard let bytes, let transfer else { return wharf_curl_abort }
                return Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue()
                    .fillBody(UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
            }
        )
        try check(
            wharf_curl_set_seek_function(handle) { transfer, offset, origin in
                guard let transfer, origin == SEEK_SET else { return CURL_SEEKFUNC_FAIL }
                let body = Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue().fileBody
                return body?.seek(to: offset) == true ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL
            }
        )
    }

    private func setHeaders(_ request: HTTPRequest) throws(HTTPClientError) {
        // Without these lines libcurl adds a form's content type, and waits for leave to send a large body.
        var lines = ["Expect:"]
        if !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            lines.append("Content-Type:")
        }
        lines += request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        for line in lines {
            guard let list = curl_slist_append(headerList, line) else {
                throw .failed(code: Int(CURLE_OUT_OF_MEMORY.rawValue))
            }
            headerList = list
        }
        try check(wharf_curl_set_pointer(handle, CURLOPT_HTTPHEADER, headerList))
    }

    private func setCallbacks() throws(HTTPClientError) {
        let me = Unmanaged.passUnretained(self).toOpaque()
        try check(wharf_curl_set_pointer(handle, CURLOPT_WRITEDATA, me))
        try check(wharf_curl_set_pointer(handle, CURLOPT_HEADERDATA, me))
        try check(
            wharf_curl_set_data_function(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, transfer in
                guard let bytes, let transfer else { return 0 }
                return Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue()
                    .receiveBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
            }
        )
        try check(
            wharf_curl_set_data_function(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, transfer in
                guard let bytes, let transfer else { return 0 }
                return Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue()
                    .receiveHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
            }
        )
    }

    private func set(_ option: CURLoption, _ value: Int) throws(HTTPClientError) {
        try check(wharf_curl_set_long(handle, option, value))
    }

    private func set(_ option: CURLoption, _ value: String) throws(HTTPClientError) {
        try check(wharf_curl_set_string(handle, option, value))
    }

    private func check(_ code: CURLcode) throws(HTTPClientError) {
        guard code == CURLE_OK else { throw error(code) }
    }

    private func milliseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        // libcurl takes zero for "never", which is not to be had here.
        guard let whole = Int(exactly: seconds), whole < 1_000_000 else { return 1_000_000_000 }
        return max(1, whole * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
    }

    // MARK: What goes out

    private func fillBody(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let count = fileBody?.read(into: buffer) else {
            isBodyUnreadable = true
            return wharf_curl_abort
        }
        return count
    }

    // MARK: What comes in

    /// Takes body bytes; any other count than the one given makes libcurl end the transfer.
    private func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard bodyBytes + bytes.count <= order.request.responseLimit else {
            isTooLarge = true
            return 0
        }
        switch order.reply {
        case .whole: body.append(contentsOf: bytes)
        case .stream(let buffer):
            var status = 0
            guard wharf_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK else { return 0 }
            buffer.begin(BodyBuffer.Head(status: status, headers: headers))
            // Called again with the same bytes once the reader has room.
            if buffer.offer(bytes) == .full { return wharf_curl_pause }
        }
        bodyBytes += bytes.count
        return bytes.count
    }

    /// Goes on after a pause; a failure shows itself as the transfer's end.
    func resume() {
        curl_easy_pause(handle, CURLPAUSE_CONT)
    }

    private func receiveHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
        headerBytes += bytes.count
        guard headerBytes <= Self.headerLimit else {
            isTooLarge = true
            return 0
        }
        let line = String(decoding: bytes, as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            // A new answer: after a redirect, or after 100 Continue.
            headers = []
            headerBytes = bytes.count
        } else if let colon = line.firstIndex(of: ":") {
            headers.append(HTTPHeader(String(line[..<colon]), trimmed(line[line.index(after: colon)...])))
        }
        return bytes.count
    }

    private func trimmed(_ text: Substring) -> String {
        let isBlank: (Character) -> Bool = { $0.isWhitespace }
        guard let start = text.firstIndex(where: { !isBlank($0) }), let end = text.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(text[start...end])
    }

    // MARK: The end

    func result(_ code: CURLcode) -> Result<HTTPResponse, HTTPClientError> {
        guard code == CURLE_OK else { return .failure(error(code)) }
        var status = 0
        guard wharf_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK, status >= 100 else {
            return .failure(.malformedResponse)
        }
        return .success(HTTPResponse(status: status, headers: headers, body: body))
    }

    private func error(_ code: CURLcode) -> HTTPClientError {
        if isBodyUnreadable { return .unreadableBody }
        if isTooLarge { return .responseTooLarge(limit: order.request.responseLimit) }
        return switch code {
        case CURLE_URL_MALFORMAT: .invalidURL
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .hostNotFound
        case CURLE_COULDNT_CONNECT: .connectionRefused
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
            .tlsFailed
        case CURLE_OPERATION_TIMEDOUT: .timedOut
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE: .connectionLost
        case CURLE_TOO_MANY_REDIRECTS: .tooManyRedirects
        // An answer without a status line, or a redirect to another scheme, counts as an unsupported protocol.
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2,
            CURLE_HTTP2_STREAM, CURLE_HTTP3:
            .malformedResponse
        default: .failed(code: Int(code.rawValue))
        }
    }
}
