# common.sh - what contrib/run and contrib/check share. To be read with ".".
#
# Expects: program (its name), root (the source folder), yes ("yes": ask nobody).
# shellcheck shell=sh disable=SC2154

die() {
	echo "$program: $*" >&2
	exit 1
}

# as_root COMMAND...
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# missing_packages PURPOSE...: names, one a line.
missing_packages() {
	for purpose in "$@"; do
		sed -n "s/^$purpose	//p" "$root/contrib/packages"
	done | while read -r package tool; do
		if [ -n "$tool" ] && command -v "$tool" >/dev/null 2>&1; then
			continue
		fi
		case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
		*' installed') ;;
		*) echo "$package" ;;
		esac
	done
}

# Debian starts a PostgreSQL of its own when the package arrives. Nobody here
# asked for that one, so it is told not to, just for this installation.
install_debian() {
	conf=/etc/postgresql-common/createcluster.d/kattegat.conf
	status=0
	apt="apt-get -q -y -o DPkg::Lock::Timeout=600 --no-install-recommends"

	as_root apt-get -q -o DPkg::Lock::Timeout=600 update || return 1
	case " $* " in
	*' postgresql-15 '*)
		# shellcheck disable=SC2086
		as_root env DEBIAN_FRONTEND=noninteractive $apt \
		    install postgresql-common || return 1
		as_root mkdir -p "${conf%/*}"
		echo 'create_main_cluster = false' |
		    as_root tee "$conf" >/dev/null
		;;
	esac
	# shellcheck disable=SC2086
	as_root env DEBIAN_FRONTEND=noninteractive $apt install "$@" ||
	    status=$?
	if [ -f "$conf" ]; then
		as_root rm -f "$conf"
		as_root rmdir --ignore-fail-on-non-empty "${conf%/*}"
	fi
	return "$status"
}

# install_packages LOG PURPOSE...: what is missing, after asking.
install_packages() {
	log=$1
	shift
	command -v dpkg-query >/dev/null 2>&1 ||
	    die "this is no Debian; the packages it needs: contrib/packages"
	missing=$(missing_packages "$@" | tr '\n' ' ')
	missing=${missing% }
	[ -n "$missing" ] || return 0
	if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null 2>&1; then
		die "missing, and neither root nor sudo to install them: $missing"
	fi
	if [ "$yes" != yes ]; then
		[ -t 0 ] || die "missing; --yes installs them: $missing"
		echo "These Debian packages are missing: $missing"
		printf 'Install them now? [Y/n] '
		read -r answer
		case $answer in
		'' | [Yy]*) ;;
		*) die "nothing was installed" ;;
		esac
	fi
	echo "* Installing $missing"
	# shellcheck disable=SC2086
	install_debian $missing >"$log" 2>&1 </dev/null || {
		tail -n 20 "$log" >&2
		die "that failed; the whole of it: $log"
	}
}

# configure_in FOLDER OPTION...: once, and again when the options change.
configure_in() {
	folder=$1
	shift
	if [ ! -x "$root/configure" ]; then
		(cd "$root" && autoreconf -i) || return 1
	fi
	mkdir -p "$folder"
	if [ ! -f "$folder/Makefile" ] ||
	    [ "$(cat "$folder/options" 2>/dev/null)" != "$root $*" ]; then
		(cd "$folder" && "$root/configure" --quiet "$@") || return 1
		echo "$root $*" >"$folder/options"
	fi
}
