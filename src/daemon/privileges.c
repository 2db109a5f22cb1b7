#include "daemon/privileges.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

int
identity_find(struct identity *out, const char *user, const char *group,
    struct err *err)
{
	struct identity found = { "", geteuid(), getegid() };
	const struct passwd *pw;
	const struct group *gr;

	if (found.uid == 0) {
		if (user == NULL)
			return err_set(err, "started as root: let the option "
			    "user name whom to become");
		if ((pw = getpwnam(user)) == NULL)
			return err_set(err, "user = %s: no such user; make one "
			    "with useradd --system, or name another", user);
		if (pw->pw_uid == 0)
			return err_set(err, "user = %s: is root; name one without "
			    "rights", user);
		found.uid = pw->pw_uid;
		found.gid = pw->pw_gid;
		snprintf(found.name, sizeof(found.name), "%s", user);
		if (group != NULL && (gr = getgrnam(group)) == NULL)
			return err_set(err, "group = %s: no such group; make one "
			    "with groupadd --system, or name another", group);
		if (group != NULL)
			found.gid = gr->gr_gid;
	}
	*out = found;
	return 0;
}

int
identity_folder(const struct identity *identity, const char *path,
    struct err *err)
{
	struct stat st;

	if (mkdir(path, 0755) == 0) {
		if (geteuid() == 0 &&
		    chown(path, identity->uid, identity->gid) != 0)
			return err_set(err, "run_dir = %s: %s", path,
			    strerror(errno));
		return 0;
	}
	if (errno != EEXIST)
		return err_set(err, "run_dir = %s: cannot be made: %s", path,
		    strerror(errno));
	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return err_set(err, "run_dir = %s: not a folder; name one", path);
	return 0;
}

int
identity_become(const struct identity *identity, struct err *err)
{
	if (geteuid() == 0 &&
	    (initgroups(identity->name, identity->gid) != 0 ||
	    setresgid(identity->gid, identity->gid, identity->gid) != 0 ||
	    setresuid(identity->uid, identity->uid, identity->uid) != 0))
		return err_set(err, "becoming %s: %s", identity->name,
		    strerror(errno));
	if (geteuid() == 0 || setuid(0) == 0)
		return err_set(err, "still root: name another user");
	/*
	 * After setuid(2), which sets it anew (prctl(2)). The leak sanitizer must
	 * look into the process at its end.
	 */
#ifndef __SANITIZE_ADDRESS__
	if (prctl(PR_SET_DUMPABLE, 0) != 0)
		return err_set(err, "prctl: %s", strerror(errno));
#endif
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return err_set(err, "prctl: %s", strerror(errno));
	return 0;
}

int64_t
descriptors_raise(int64_t wanted)
{
	struct rlimit limit, more;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 1024;
	if (limit.rlim_cur >= (rlim_t)wanted)
		return wanted;
	more = limit;
	more.rlim_cur = (rlim_t)wanted;
	if (more.rlim_max < more.rlim_cur)
		more.rlim_max = more.rlim_cur;
	if (setrlimit(RLIMIT_NOFILE, &more) == 0)
		return wanted;
	more.rlim_cur = more.rlim_max = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &more) == 0)
		return (int64_t)limit.rlim_max;
	return (int64_t)limit.rlim_cur;
}
